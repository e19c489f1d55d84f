// Something is being made: look again in a moment, unless somebody is typing or has chosen something. The link does the same.
const again = () => {
  if (document.hidden || document.activeElement?.closest("form")) setTimeout(again, 2000);
  else location.reload();
};
if (document.querySelector("[data-wait]")) setTimeout(again, 2000);
