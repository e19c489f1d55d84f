// Small comforts. Every page does its work without this file.

// What is wrong takes focus, also where the browser ignores autofocus on a box.
document.querySelector("[data-focus]")?.focus();

// One press sends once: a second press within some seconds is the same wish. After that the answer may have been a file.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
// A page that comes back from the browser's memory may send again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// A picked filter is a finished wish where the form says so.
document.addEventListener("change", (event) => event.target.closest("form[data-send-on-change]")?.requestSubmit());

// An opened question closes again with Escape, and focus goes back to its button.
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.("details.confirm[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
