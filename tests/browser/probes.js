// What the tests ask of a page of JupyterLab. Installed before JupyterLab's own scripts, as window.probes.
(() => {
  const OUTPUTS = '.jp-OutputArea-output';
  const SCENES = `${OUTPUTS} svg[role=img]`;
  const VIEW = 'application/vnd.jupyter.widget-view+json';

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const seen = node => node?.getClientRects().length > 0 && node.getBoundingClientRect().height > 1;
  const panel = () => window.jupyterapp.shell.currentWidget;
  const cells = () => panel().content.widgets;
  const codeCells = () => cells().filter(cell => cell.model.type === 'code');
  const outputs = cell => cell.model.outputs.toJSON();

  // Opened: the notebook is there and each of its cells is drawn, also those below the window's edge.
  async function opened() {
    const app = window.jupyterapp;
    await app.restored;
    while (!panel()?.context) await new Promise(go => setTimeout(go, 50));
    await panel().context.ready;
    app.shell.collapseLeft();
    if (document.getElementById('all-cells')) return;
    const style = document.createElement('style');
    style.id = 'all-cells';
    style.textContent = '.jp-Cell { content-visibility: visible !important; }';
    document.head.append(style);
  }

  const drawn = () => cells().every(cell => !cell.isPlaceholder());

  async function kernel() {
    await panel().sessionContext.ready;
    await panel().sessionContext.session.kernel.info;
  }

  // Close the notebook as it is, without asking whether to save it, and end its kernel; not before that is up, or
  // JupyterLab complains.
  async function close() {
    await kernel();
    await panel().sessionContext.shutdown();
    panel().dispose();
  }

  // The command to run all cells answers before the last one has run when one of them is meant to fail.
  const finished = () =>
    panel().sessionContext.session.kernel.status === 'idle' && drawn() &&
    codeCells().every(cell => cell.model.executionCount !== null && hasItsView(cell));

  function hasItsView(cell) {
    const view = outputs(cell).findIndex(each => each.data && VIEW in each.data);
    if (view < 0) return true;
    const isDrawn = String(outputs(cell)[view - 1]?.data['text/html']).includes('<figure');
    return cell.node.querySelector(isDrawn ? '.widget-vbox svg' : '.widget-vbox select') !== null;
  }

  const errors = () => codeCells().flatMap(cell => outputs(cell)
    .filter(output => output.output_type === 'error')
    .map(output => ({
      meant: (cell.model.getMetadata('tags') ?? []).includes('raises-exception'),
      name: output.ename,
      shown: cell.node.querySelector('[data-mime-type="application/vnd.jupyter.stderr"]')?.innerText.trim(),
    })));

  // Boxes that hide or scroll a part of what is in them. A slider's handle overhangs its line on purpose.
  function overflowing() {
    const tooSmall = node => node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
    const cuts = node => /auto|scroll|hidden|clip/.test(getComputedStyle(node).overflow) || node.matches(OUTPUTS);
    return all(`${OUTPUTS}, ${OUTPUTS} *`)
      .filter(node => node.clientWidth > 0 && !node.closest('svg, select, input, .widget-slider'))
      .filter(node => cuts(node) && tooSmall(node))
      .map(node => `${node.className}: ${node.textContent.slice(0, 60)}`);
  }

  // Each stored picture that no live one replaces, and how it is seen: as an image or, where the notebook is trusted, inline.
  const isReplaced = figure => figure.closest('.jp-OutputArea-child').nextElementSibling?.querySelector('.eda-controls');
  const pictures = () => all(`${OUTPUTS} figure`).filter(figure => !isReplaced(figure)).map(figure => {
    const image = figure.querySelector('img');
    const scene = figure.querySelector('svg');
    return {
      alt: image.alt,
      image: image.naturalWidth > 0 && image.getClientRects().length > 0,
      scene: scene !== null && scene.getClientRects().length > 0,
      words: figure.innerText.trim(),
    };
  });

  // What an instrument or a quiz shows: its stored part, its live one, what stands there if it is neither, the controls
  // that somebody could use, and the broken links that mark widgets without a kernel.
  const pairs = () => all('.eda-static').map(stored => {
    const output = stored.closest('.jp-OutputArea-child');
    const next = output.nextElementSibling;
    const box = next?.querySelector('.eda-controls');
    const parts = seen(output) ? [stored] : box ? [box] : [];
    return {
      isPicture: stored.querySelector('figure') !== null,
      stored: seen(output),
      live: seen(box),
      other: seen(next) && !box ? next.innerText.trim() : '',
      scenes: parts.flatMap(part => all('svg[role=img], img.eda-twin', part)).filter(seen).length,
      words: parts.map(part => part.innerText).join(' ').trim().length,
      controls: all('button, select, input', next ?? output).filter(seen).length,
      note: next?.querySelector('.eda-live') ? getComputedStyle(next.querySelector('.eda-live'), '::after').content : '',
      broken: next ? all('.jupyter-widgets-disconnected', next).filter(seen).filter(node => {
        const before = getComputedStyle(node, '::before');
        return before.display !== 'none' && before.content !== 'none';
      }).length : 0,
    };
  });

  const scenes = () => all(SCENES).filter(seen).map(scene => ({
    label: scene.getAttribute('aria-label'),
    title: scene.querySelector('title')?.textContent,
    width: scene.getBoundingClientRect().width,
  }));

  // --- color ------------------------------------------------------------------------------------

  const channels = color => color.match(/[\d.]+/g).map(Number);
  const over = (front, back, opacity) => front.slice(0, 3).map((value, i) => value * opacity + back[i] * (1 - opacity));

  function luminance(color) {
    const [r, g, b] = color.map(value => value / 255).map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function ratio(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  function opacity(node) {
    let product = 1;
    for (let each = node; each.tagName !== 'svg'; each = each.parentElement) product *= getComputedStyle(each).opacity;
    return product;
  }

  function painted(node, back) {
    const fill = getComputedStyle(node).fill;
    if (fill === 'none') return back;
    const color = channels(fill);
    return over(color, back, (color[3] ?? 1) * opacity(node));
  }

  // The color under the middle of a text: what the shapes that were drawn before it leave there.
  function ground(text, scene) {
    const box = text.getBoundingClientRect();
    const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
    const before = node => node.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
    return all('rect, circle, path', scene)
      .filter(before)
      .filter(shape => shape.isPointInFill(middle.matrixTransform(shape.getScreenCTM().inverse())))
      .reduce((back, shape) => painted(shape, back), [255, 255, 255]);
  }

  // Words in scenes that are too faint (4.5 to 1 for words, 3 to 1 for a lone sign) or leave the picture.
  function faintOrCut() {
    return all(SCENES).filter(seen).flatMap(scene => {
      const frame = scene.getBoundingClientRect();
      return all('text', scene).flatMap(text => {
        const box = text.getBoundingClientRect();
        const back = ground(text, scene);
        const contrast = ratio(painted(text, back), back);
        const needed = /[\p{L}\p{N}]/u.test(text.textContent) ? 4.5 : 3;
        const cut = box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom;
        const faults = [contrast < needed && `contrast ${contrast.toFixed(1)}`, cut && 'cut off'].filter(Boolean);
        return faults.map(fault => `${text.textContent}: ${fault}`);
      });
    });
  }

  // What has the focus, and how the focus shows: an outline's width, and its contrast to the page.
  function focus() {
    const node = document.activeElement;
    const style = getComputedStyle(node);
    const paper = channels(getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor);
    const label = node.labels?.[0]?.textContent ?? node.textContent;
    return {
      name: label.trim(),
      tag: node.tagName,
      inOutput: node.closest(OUTPUTS) !== null,
      outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
      contrast: ratio(channels(style.outlineColor), paper),
    };
  }

  window.probes = { opened, close, drawn, kernel, finished, errors, overflowing, pictures, pairs, scenes, faintOrCut, focus };
})();
