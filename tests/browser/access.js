// What the tests ask of a page for those who use keys, or other colors. Adds to window.probes.
(() => {
  const OUTPUTS = '.jp-OutputArea-output';
  const BOXES = `${OUTPUTS} .eda-controls`;
  const REACHED = 'button, input, select, textarea, a[href], summary, [tabindex="0"]';

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const seen = node => node.getClientRects().length > 0 && getComputedStyle(node).visibility === 'visible';
  const reached = box => all(REACHED, box).filter(node => seen(node) && node.tabIndex >= 0 && !node.disabled);
  const lines = box => all('[role=status]', box).map(line => line.innerHTML).join();
  const box = place => all(BOXES)[place];

  // Each box of controls, by how many of them can be reached, and what stands in it: boxes that are the same say the same.
  const boxes = () => all(BOXES).map(each => ({
    count: reached(each).length,
    looks: reached(each).map(node => node.labels?.[0]?.textContent || node.textContent || node.type).join('|'),
  }));

  const enter = ([place, control]) => reached(box(place))[control].focus();

  // What has the focus: in which box, as which of its controls, and whether it is in the window and under nothing.
  function focused() {
    const node = document.activeElement;
    const { left, right, top, bottom } = node.getBoundingClientRect();
    const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const place = all(BOXES).findIndex(each => each.contains(node));
    return {
      box: place,
      control: place < 0 ? -1 : reached(box(place)).indexOf(node),
      slider: node.matches('.noUi-handle'),
      inSight: inside && hit !== null && (node.contains(hit) || hit.contains(node)),
      ...window.probes.focus(),
    };
  }

  // A control as the tests use it: what it is, what it holds, and what its box says; null if it is there no more.
  function control([place, number]) {
    const node = reached(box(place))[number];
    if (!node) return null;
    const row = [...box(place).children].find(each => each.contains(node));
    const later = all('button', row).filter(each => each.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING);
    return {
      kind: node.matches('.noUi-handle') ? 'slider' : node.type ?? node.tagName.toLowerCase(),
      name: node.labels?.[0]?.textContent || node.textContent,
      value: node.matches('.noUi-handle') ? node.getAttribute('aria-valuenow') : node.type === 'checkbox' ? node.checked : node.value,
      options: node.options?.length ?? 0,
      acts: !later.some(each => each.textContent !== 'Start over'),
      lines: lines(box(place)),
    };
  }

  const says = ([place, before]) => lines(box(place)) !== before;

  // What moves by itself, or would when it changes, in outputs.
  function moving() {
    const running = document.getAnimations().filter(each => each.effect?.target?.closest?.(OUTPUTS));
    const would = all(`${BOXES} *`).filter(node => {
      const style = getComputedStyle(node);
      const lasts = style.transitionDuration.split(', ').some(time => parseFloat(time) > 0);
      return lasts || style.animationName !== 'none';
    });
    return [...running.map(String), ...would.map(node => node.className.toString())];
  }

  // Pictures, tables and folded parts that have no words of their own.
  function unnamed() {
    const faults = [];
    for (const image of all(`${OUTPUTS} img`)) {
      if ((image.alt.match(/ /g) ?? []).length < 5) faults.push(`img: ${image.alt || image.src.slice(0, 40)}`);
    }
    for (const scene of all(`${OUTPUTS} svg`)) {
      if (scene.getAttribute('role') === 'img' && scene.getAttribute('aria-label')) continue;
      if (scene.getAttribute('aria-hidden') !== 'true') faults.push(scene.outerHTML.slice(0, 80));
    }
    for (const table of all(`${OUTPUTS} table`)) {
      if (!table.getAttribute('aria-label') && !table.caption) faults.push('table without a name');
      const rows = [...table.tBodies].flatMap(body => [...body.rows]);
      if (!all('thead th', table).every(cell => cell.scope === 'col')) faults.push('a head without scope');
      if (!rows.every(row => row.cells[0].matches('th[scope=row]'))) faults.push('a row without a head');
    }
    for (const folded of all(`${OUTPUTS} details`)) {
      if (!folded.querySelector(':scope > summary')?.textContent.trim()) faults.push('details without a summary');
    }
    return faults;
  }

  // Buttons that nothing sets off from the page: those on a picture have the picture for that.
  const bare = () => all(`${BOXES} .jupyter-button:not(.eda-spot)`).filter(seen)
    .filter(button => getComputedStyle(button).borderTopStyle === 'none')
    .map(button => button.textContent);

  // Shapes whose color is not the one that the scene gives them, as when the system's colors replace all others.
  const repainted = () => all(`${OUTPUTS} svg[role=img] [fill]`).filter(seen).flatMap(node => {
    const asked = node.getAttribute('fill');
    if (!asked.startsWith('#')) return [];
    const [r, g, b] = [1, 3, 5].map(place => parseInt(asked.slice(place, place + 2), 16));
    const shown = getComputedStyle(node).fill;
    return shown === `rgb(${r}, ${g}, ${b})` ? [] : [`${asked} shows as ${shown}`];
  });

  Object.assign(window.probes, { boxes, enter, focused, control, says, moving, unnamed, bare, repainted });
})();
