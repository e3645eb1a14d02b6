/* A canvas of our own on the map: moves and scales with it as Leaflet's do, and is painted by a function of the view. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const dispatch = (boshu.dispatch = boshu.dispatch || { lastPaintedSeq: 0 });
  const METRES_AROUND = 40075016.686;
  const PADDING = 0.2;

  /* Every colour of the map is a token; they are read anew when the theme changes. */
  dispatch.inks = function (root) {
    const style = getComputedStyle(root);
    const known = new Map();
    return (token) => {
      if (!known.has(token)) known.set(token, style.getPropertyValue(`--${token}`).trim());
      return known.get(token);
    };
  };

  /* Dash brings Leaflet with its map, so the class is made when the first map is. */
  let Canvas = null;
  function made() {
    const { L } = window;
    return L.Renderer.extend({
      initialize(paint, options) {
        L.Renderer.prototype.initialize.call(this, { padding: PADDING, ...options });
        this._paint = paint;
      },
      _initContainer() {
        this._container = document.createElement("canvas");
        this._container.className = "streets__canvas";
        this._ink = this._container.getContext("2d");
      },
      _destroyContainer() {
        cancelAnimationFrame(this._frame);
        this._container.remove();
      },
      _updatePaths() {},
      _update() {
        if (this._map._animatingZoom && this._bounds) return;
        L.Renderer.prototype._update.call(this);
        const size = this._bounds.getSize();
        const dots = window.devicePixelRatio || 1;
        const node = this._container;
        L.DomUtil.setPosition(node, this._bounds.min);
        [node.width, node.height] = [size.x * dots, size.y * dots];
        [node.style.width, node.style.height] = [`${size.x}px`, `${size.y}px`];
        this.repaint();
      },
      repaint() {
        const { min, max } = this._bounds;
        const dots = window.devicePixelRatio || 1;
        const zoom = this._map.getZoom();
        const scale = 256 * 2 ** zoom;
        const origin = this._map.getPixelOrigin();
        const [left, top] = [(min.x + origin.x) / scale, (min.y + origin.y) / scale];
        const latitude = Math.cos((this._map.getCenter().lat * Math.PI) / 180);
        const view = {
          zoom,
          scale,
          left,
          top,
          width: max.x - min.x,
          height: max.y - min.y,
          pixels: scale / (METRES_AROUND * latitude), // of a metre
          x: (x) => (x - left) * scale,
          y: (y) => (y - top) * scale,
          right: (max.x + origin.x) / scale,
          bottom: (max.y + origin.y) / scale,
        };
        this._ink.setTransform(dots, 0, 0, dots, 0, 0);
        this._ink.clearRect(0, 0, view.width, view.height);
        this._paint(this._ink, view, dots);
      },
      /* Paint once before the next frame, however often it was asked for. */
      soon(done) {
        if (done) this._done = done;
        if (this._frame) return;
        this._frame = requestAnimationFrame(() => {
          this._frame = null;
          if (this._map) this.repaint();
          if (this._done) this._done();
        });
      },
    });
  }

  dispatch.canvas = function (map, name, order, paint) {
    Canvas = Canvas || made();
    const pane = map.createPane(name);
    pane.style.zIndex = String(order);
    pane.style.pointerEvents = "none";
    return new Canvas(paint, { pane: name }).addTo(map);
  };
})();
