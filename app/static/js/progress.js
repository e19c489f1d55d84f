// A long piece of work: the bar moves by itself, and the page is loaded anew when it is over. The link does the same.
const box = document.querySelector("[data-progress]");
const bar = box.querySelector("progress");
const said = box.querySelector("[data-said]");
const count = box.querySelector("[data-count]");
const look = async () => {
  const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) return location.reload();
  const now = await answer.json();
  if (!now.moving) return location.reload();
  if (said.textContent !== now.said) said.textContent = now.said;
  if (now.total && now.done < now.total) {
    bar.max = now.total;
    bar.value = now.done;
  } else bar.removeAttribute("value");
  count.textContent = now.counted;
  setTimeout(look, 1000);
};
// A line that is down for a moment comes back.
const again = () => look().catch(() => setTimeout(again, 5000));
setTimeout(again, 1000);
