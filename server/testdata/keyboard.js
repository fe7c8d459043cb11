// In every page of the browser tests: tells the way that the Tab key has to go, notes on the
// console what has the focus and does not show it, and what a change of a part of the page
// moves above it.
{
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });

  // Of a group of radio buttons one is a stop.
  const group = (radio) =>
    [...document.querySelectorAll("input[type=radio]:not(:disabled)")].filter((other) => other === radio || (other.name === radio.name && other.form === radio.form));
  const isStop = (element) => {
    if (element.tabIndex < 0 || element.matches(":disabled") || !visible(element)) return false;
    if (element.type !== "radio") return true;
    const all = group(element);
    return (all.find((radio) => radio.checked) ?? all[0]) === element;
  };

  // A date has a stop for the month, the day, the year and the calendar.
  const stops = () =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(isStop).flatMap((element) => (element.type === "date" ? Array(4).fill(element) : [element]));

  const summaryOf = (element) => {
    let summary;
    for (let at = element.parentElement; at; at = at.parentElement) {
      const own = at.matches("details:not([open])") && at.querySelector(":scope > summary");
      if (own && !own.contains(element)) summary = own;
    }
    return summary;
  };

  // The way from the focus to an element, or to what has to be opened first. It is that of
  // somebody who looks at the page: before something is seen there is none.
  window.keyboardWay = (selector) => {
    const target = document.querySelector(selector);
    const summary = target && summaryOf(target);
    const goal = summary ?? target;
    if (!goal || goal.matches(":disabled") || !visible(goal)) return {};
    const focus = document.activeElement;
    const radios = goal.type === "radio" ? group(goal) : [goal];
    const way = { seen: true, kind: summary ? "fold" : (goal.type ?? goal.localName), here: radios.includes(focus), arrows: radios.indexOf(goal) - radios.indexOf(focus), checked: goal.checked ?? false };
    if (way.here) tellCovered(focus);
    const all = stops();
    const from = all.findIndex((stop) => stop === focus || focus.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING);
    const to = all.findIndex((stop) => radios.includes(stop));
    way.stops = all.length;
    way.never = to < 0;
    way.steps = to - (from < 0 ? all.length : from) + (all[from] === focus || to < from ? 0 : 1);
    return way;
  };

  // What lies above the focus, like a bar that stays where it is, hides it.
  const tellCovered = (focus) => {
    const { left, top, width, height } = focus.getBoundingClientRect();
    const above = document.elementFromPoint(left + width / 2, top + height / 2);
    if (!above || above.contains(focus) || focus.contains(above) || focus.closest("label")?.contains(above)) return;
    console.error(`${location.pathname}: ${above.outerHTML.slice(0, 80)} covers the focus: ${focus.outerHTML.slice(0, 160)}`);
  };

  const told = new WeakSet();
  document.addEventListener("focusin", ({ target }) => {
    if (told.has(target) || target.matches("body, main")) return;
    const label = target.closest("label, .tick, .check");
    const shows = [target, label, label?.querySelector("span")].some((element) => {
      return element && getComputedStyle(element).outlineStyle !== "none";
    });
    // Its calendar is a stop of a date that has a frame of its own.
    if (shows || (target.type === "date" && !target.matches(":focus-visible"))) return;
    told.add(target);
    console.error(`${location.pathname}: nothing shows that this has the focus: ${target.outerHTML.slice(0, 160)}`);
  });

  // Places in the document, by the way down to the element: some are put in anew.
  const pathOf = (element) => (element === document.body ? "" : `${pathOf(element.parentElement)} > ${element.localName}:nth-child(${[...element.parentElement.children].indexOf(element) + 1})`);
  const stays = (element) => {
    for (let at = element; at; at = at.parentElement) if (["sticky", "fixed"].includes(getComputedStyle(at).position)) return true;
    return false;
  };
  const placeOf = (element) => {
    const { left, top } = element.getBoundingClientRect();
    return { left: left + scrollX, top: top + scrollY };
  };
  let held;
  window.holdPlaces = (selector) => {
    const part = document.querySelector(selector);
    const before = [...document.body.querySelectorAll(":not(svg *)")].filter((element) => visible(element) && element.getBoundingClientRect().height > 1 && !stays(element) && part.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING);
    held = before.map((element) => ({ path: pathOf(element), html: element.outerHTML.slice(0, 100), place: placeOf(element) }));
  };
  window.movedPlaces = () =>
    held.flatMap(({ path, html, place }) => {
      const element = document.querySelector(`body${path}`);
      if (!element || !visible(element)) return [`${html} is gone`];
      const now = placeOf(element);
      return Math.abs(now.left - place.left) + Math.abs(now.top - place.top) > 0.5 ? [`${html} by ${now.left - place.left}, ${now.top - place.top}`] : [];
    });
}
