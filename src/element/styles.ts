import { css } from 'lit';

/**
 * Source, page content and canvas lie on top of each other over an empty box of the source's size. Sources are never
 * `display: none`: a hidden muted video does not play.
 */
export const styles = css`
  :host {
    display: inline-block;
    position: relative;
    max-width: 100%;
    overflow: hidden;
    vertical-align: bottom;
  }

  :host([hidden]) {
    display: none;
  }

  #size {
    display: block;
    width: 100%;
    height: 100%;
  }

  [part='video'],
  #sources ::slotted(*),
  [part='behind'],
  #canvases,
  canvas,
  #poster,
  .message {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }

  [part='video'],
  #sources ::slotted(*) {
    opacity: 0 !important;
  }

  canvas,
  #poster {
    object-fit: var(--void-segmenter-fit, contain);
    object-position: var(--void-segmenter-position, center);
    pointer-events: none;
  }

  .message,
  #ready {
    display: none;
  }

  :host(:state(loading)) #loading,
  :host(:state(failed)) #fallback {
    display: grid;
    place-items: center;
  }

  :host(:state(running)) #ready,
  :host(:state(paused)) #ready {
    display: block;
    position: absolute;
    clip-path: inset(50%);
  }
`;
