let views = 0;

/** Tells the views of this page from those of an earlier one, whose questions the kernel may still remember. */
const page = Math.floor(performance.timeOrigin).toString(36);

/**
 * Questions and answers over the widget's comm.
 *
 * `ask` is for questions that each need their own answer (completion, help, a revision). A question that
 * the kernel leaves unanswered resolves to null, so that a dead kernel never blocks the page.
 */
export class Channel {
  /** @param {any} model the anywidget model */
  constructor(model) {
    this.model = model;
    this.view = `${page}-v${++views}`;
    this.count = 0;
    /** @type {Map<string, (answer: any) => void>} */
    this.open = new Map();
    this.receive = (/** @type {any} */ message, /** @type {DataView[]} */ buffers) =>
      this.open.get(message?.id)?.(buffers?.length ? { ...message, buffers } : message);
    model.on("msg:custom", this.receive);
  }

  /** A name for a question or a text that no other view of this page uses. */
  next() {
    return `${this.view}:${++this.count}`;
  }

  /** @param {string} id */
  owns(id) {
    return id.startsWith(`${this.view}:`);
  }

  /**
   * @param {string} kind
   * @param {object} content
   * @param {number} patience milliseconds
   * @returns {Promise<any>} the answer, or null
   */
  ask(kind, content, patience = 5000) {
    const id = this.next();
    return new Promise((resolve) => {
      const finish = (/** @type {any} */ answer) => {
        clearTimeout(timer);
        this.open.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => finish(null), patience);
      this.open.set(id, finish);
      this.model.send({ kind, id, ...content });
    });
  }

  close() {
    this.model.off("msg:custom", this.receive);
    for (const finish of [...this.open.values()]) finish(null);
  }
}

/**
 * Keeps at most one question in the air and asks again with the newest value once it is answered.
 * @template T
 * @param {(value: T) => Promise<any>} ask
 * @param {(answer: any) => void} show gets answers to the newest value only
 * @returns {(value: T) => void}
 */
export function newestOnly(ask, show) {
  let busy = false;
  /** @type {T[]} */
  let waiting = [];
  const run = async (/** @type {T} */ value) => {
    busy = true;
    const answer = await ask(value);
    busy = false;
    const next = waiting.pop();
    waiting = [];
    if (next !== undefined) run(next);
    else if (answer !== null) show(answer);
  };
  return (value) => {
    if (busy) waiting = [value];
    else run(value);
  };
}
