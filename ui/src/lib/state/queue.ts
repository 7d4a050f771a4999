/** Runs tasks one after another in the order they came, so that quick scans keep their order and none is dropped. */
export class Queue {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs `task` once everything before it is over; a task that fails does not stop those behind it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
