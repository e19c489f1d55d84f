// Something is being made: look again in a moment, unless somebody is typing or has chosen something. The link does the same.
// How many seconds stands on the element; without a number it is two. A page on which several things are made may name
// this script several times: what stands in a block is no name of the whole page, and the first run alone waits.
{
  const waits = document.querySelector("[data-wait]:not([data-waiting])");
  const moment = 1000 * (Number(waits?.dataset.wait) || 2);
  const again = () => {
    if (document.hidden || document.activeElement?.closest("form")) setTimeout(again, moment);
    else location.reload();
  };
  if (waits && !document.querySelector("[data-waiting]")) {
    waits.dataset.waiting = "";
    setTimeout(again, moment);
  }
}
