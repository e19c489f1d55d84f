// Something is being made: look again in a moment, unless somebody is typing or has chosen something. The link does the same.
// How many seconds stands on the element; without a number it is two.
const waits = document.querySelector("[data-wait]");
const moment = 1000 * (Number(waits?.dataset.wait) || 2);
const again = () => {
  if (document.hidden || document.activeElement?.closest("form")) setTimeout(again, moment);
  else location.reload();
};
if (waits) setTimeout(again, moment);
