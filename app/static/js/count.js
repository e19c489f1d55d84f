// How long an answer is, and may be, while it is written. Without this the page says how long it may be, and the list of what is missing tells the rest.
for (const told of document.querySelectorAll("[data-count-of]")) {
  const field = document.getElementById(told.dataset.countOf);
  if (!field) continue;
  const say = () => {
    const long = field.value.trim().replace(/\r\n/g, "\n").length;
    told.textContent = told.dataset.words.replace("#", long.toLocaleString(document.documentElement.lang));
    told.classList.toggle("too-long", long > Number(told.dataset.most));
  };
  field.addEventListener("input", say);
  say();
}
