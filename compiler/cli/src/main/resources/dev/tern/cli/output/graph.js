'use strict';
// Graphs to be moved about by pointer and keyboard. Without this script they are still there, as they were laid out.
for (const graph of document.querySelectorAll('.graph')) {
    const svg = graph.querySelector('svg');
    const told = graph.querySelector('.told');
    const nodes = [...graph.querySelectorAll('.node')];
    const width = Number(svg.dataset.width);
    const height = Number(svg.dataset.height);
    let view = { x: 0, y: 0, scale: 1 };
    let chosen = -1;

    function show() {
        const box = svg.getBoundingClientRect();
        view.scale = Math.min(8, Math.max(0.02, view.scale));
        svg.setAttribute('viewBox', `${view.x} ${view.y} ${box.width / view.scale} ${box.height / view.scale}`);
    }

    // As large as text is read, from the top; with `whole` so that all of it is seen.
    function fit(whole) {
        const box = svg.getBoundingClientRect();
        const all = Math.min(box.width / width, box.height / height);
        const scale = whole ? Math.min(1, all) : Math.min(1, Math.max(all, 0.7));
        view = { scale, x: width / 2 - box.width / scale / 2, y: whole ? height / 2 - box.height / scale / 2 : 0 };
        if (!whole && width * scale > box.width) {
            // Wider than the window: begin where the graph begins.
            const first = nodes[0];
            view.x = Number(first.dataset.x) + Number(first.dataset.w) / 2 - box.width / scale / 2;
        }
        show();
    }

    function zoom(factor, x, y) {
        const box = svg.getBoundingClientRect();
        const px = x ?? box.width / 2;
        const py = y ?? box.height / 2;
        const before = view.scale;
        view.scale = Math.min(8, Math.max(0.02, before * factor));
        view.x += px / before - px / view.scale;
        view.y += py / before - py / view.scale;
        show();
    }

    function pan(x, y) {
        view.x += x / view.scale;
        view.y += y / view.scale;
        show();
    }

    function tell(node) {
        told.textContent = node.querySelector('title').textContent;
    }

    // Chooses a node, marks all of its layer in every graph of the page, and brings it into view.
    function choose(index, bring) {
        chosen = (index + nodes.length) % nodes.length;
        const node = nodes[chosen];
        document.querySelectorAll('.node.chosen, .node.same').forEach(n => n.classList.remove('chosen', 'same'));
        if (node.dataset.layer) {
            document.querySelectorAll('.node').forEach(n =>
                n.classList.toggle('same', n.dataset.layer === node.dataset.layer));
        }
        node.classList.add('chosen');
        tell(node);
        svg.setAttribute('aria-activedescendant', node.id);
        if (bring) {
            const box = svg.getBoundingClientRect();
            view.x = Number(node.dataset.x) + Number(node.dataset.w) / 2 - box.width / view.scale / 2;
            view.y = Number(node.dataset.y) + Number(node.dataset.h) / 2 - box.height / view.scale / 2;
            show();
        }
    }

    svg.addEventListener('wheel', event => {
        // The page scrolls as everywhere; with Control, or once the graph was entered, the wheel zooms.
        if (event.ctrlKey || document.activeElement === svg) {
            event.preventDefault();
            const box = svg.getBoundingClientRect();
            zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
        }
    }, { passive: false });
    let held = null;
    svg.addEventListener('pointerdown', event => {
        held = { x: event.clientX, y: event.clientY, moved: false };
    });
    svg.addEventListener('pointermove', event => {
        if (held && event.buttons) {
            if (Math.abs(event.clientX - held.x) + Math.abs(event.clientY - held.y) > 3) {
                svg.setPointerCapture(event.pointerId);
                held.moved = true;
            }
            if (held.moved) {
                pan(held.x - event.clientX, held.y - event.clientY);
                held.x = event.clientX;
                held.y = event.clientY;
            }
        }
    });
    svg.addEventListener('pointerup', event => {
        const node = held && !held.moved && event.target.closest('.node');
        held = null;
        if (node) {
            choose(nodes.indexOf(node), false);
        }
    });
    nodes.forEach(node => node.addEventListener('pointerenter', () => tell(node)));
    svg.addEventListener('pointerleave', () => chosen >= 0 && tell(nodes[chosen]));

    const keys = {
        ArrowLeft: () => pan(-60, 0), ArrowRight: () => pan(60, 0), ArrowUp: () => pan(0, -60),
        ArrowDown: () => pan(0, 60), '+': () => zoom(1.25), '=': () => zoom(1.25), '-': () => zoom(0.8),
        0: () => fit(true), 1: () => fit(false), n: () => choose(chosen + 1, true),
        p: () => choose(Math.max(chosen, 0) - 1, true), Home: () => choose(0, true), End: () => choose(-1, true),
    };
    svg.addEventListener('keydown', event => {
        const key = !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key];
        if (key) {
            event.preventDefault();
            key();
        }
    });
    graph.querySelectorAll('button').forEach(button =>
        button.addEventListener('click', () => keys[button.dataset.key]()));
    new ResizeObserver(() => fit(false)).observe(svg);
    fit(false);
}
