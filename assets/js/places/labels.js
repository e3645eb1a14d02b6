/* The button above a sheet of signs prints the sheet alone; the style sheet hides the rest. */
(function () {
  "use strict";

  document.addEventListener("click", ({ target }) => {
    if (target.closest(".labels__print")) window.print();
  });
})();
