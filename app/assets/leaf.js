// A page of a PDF as it is printed, in a dialog over everything, with a citation's boxes on it.
(() => {
  const made = (tag, inside, fields = {}) =>
    inside.appendChild(Object.assign(document.createElement(tag), fields));
  const dialog = Object.assign(document.createElement("dialog"), { id: "leaf" });
  const header = made("header", dialog);
  const heading = made("h2", header, { id: "leaf-name" });
  const shut = made("button", header, { type: "button", autofocus: true });
  const told = made("p", dialog);
  const figure = made("figure", dialog, { tabIndex: 0 });
  told.setAttribute("role", "status");
  dialog.setAttribute("aria-labelledby", heading.id);
  let opener = null;
  let wanted = {};

  function open(button) {
    opener = button;
    wanted = button.dataset;
    heading.textContent = button.textContent;
    shut.textContent = wanted.shut;
    told.textContent = wanted.wait;
    figure.hidden = true;
    figure.replaceChildren();
    document.body.append(dialog);
    dialog.showModal();
    askpaper.paged({ paper: wanted.paper, page: +wanted.page });
  }

  // What the server answers; an answer to what is no longer asked for is left.
  askpaper.leaf = ({ paper, page, image, problem }) => {
    if (!dialog.open || paper !== wanted.paper || page !== +wanted.page) return;
    told.textContent = problem ?? "";
    if (!image) return;
    figure.replaceChildren();
    const picture = made("img", figure, { alt: wanted.alt });
    for (const [left, top, width, height] of JSON.parse(wanted.boxes)) {
      const box = made("span", figure, { className: "box" });
      const place = { left, top, width, height };
      for (const side in place) box.style[side] = `${place[side]}%`;
    }
    picture.onload = () => figure.querySelector(".box")?.scrollIntoView({ block: "center" });
    picture.src = image;
    figure.hidden = false;
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.(".answer .leaf");
    if (button) open(button);
    else if (target === dialog || target === shut) dialog.close();
  });
  // The browser gives the focus back, but not where the answer was rendered anew meanwhile.
  dialog.addEventListener("close", () => {
    if (opener?.isConnected) return;
    const buttons = [...document.querySelectorAll(".answer .leaf")];
    const { paper, boxes } = wanted;
    buttons.findLast(({ dataset: d }) => d.paper === paper && d.boxes === boxes)?.focus();
  });
  // Escape closes the dialog and does nothing else to the page.
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.stopPropagation();
  });
})();
