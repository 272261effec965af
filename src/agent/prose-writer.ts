import { setTimeout as wait } from "node:timers/promises";
import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { ModelConfig } from "#config.ts";
import type { Log } from "#log.ts";
import type { Writer, WritingTask } from "#reports/narrative.ts";
import { finalize } from "./finalize.ts";
import { BadReply, type ModelFault, modelFault } from "./provider-faults.ts";
import { WireModel } from "./wire-model.ts";

const STALL_SHARE = 0.5; // of the time that a model has
const ATTEMPTS = 2; // of one model, where the fault may pass

/** Has the configured model write a text without tools, then its fallback; null where no model is configured. */
export function proseWriter(model: ModelConfig | null, log: Log): Writer | null {
  if (!model) return null;
  return async (task) => {
    let fault: ModelFault | null = null;
    for (const name of [model.name, model.fallback].filter((each) => each !== null)) {
      const written = await tryModel({ model, name, task, log });
      if ("text" in written) return written;
      ({ fault } = written);
    }
    return { fault: fault?.words ?? "unknown" };
  };
}

interface Attempt {
  model: ModelConfig;
  name: string;
  task: WritingTask;
  log: Log;
}

async function tryModel({ model, name, task, log }: Attempt): Promise<{ text: string } | { fault: ModelFault }> {
  const endsAt = performance.now() + model.timeoutSeconds * 1000;
  const deadline = AbortSignal.timeout(model.timeoutSeconds * 1000);
  const signal = task.signal ? AbortSignal.any([task.signal, deadline]) : deadline;
  const stallMs = model.timeoutSeconds * 1000 * STALL_SHARE;
  const wire = new WireModel(model, name, { stallMs, onText: () => undefined });
  for (let attempt = 1; ; attempt++) {
    try {
      return { text: await written(wire, task, signal) };
    } catch (error) {
      task.signal?.throwIfAborted();
      const fault = modelFault(deadline.aborted ? deadline.reason : error);
      if (!fault) throw error;
      log.warn({ err: error, model: name, because: fault.words }, "a model did not write");
      if (!fault.retry || attempt === ATTEMPTS || performance.now() + fault.waitMs >= endsAt) return { fault };
      await pause(fault.waitMs, signal);
    }
  }
}

/** Waits; throws why the writing was stopped when that comes first. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

async function written(wire: WireModel, { instructions, material }: WritingTask, signal: AbortSignal): Promise<string> {
  const reply = await wire.invoke([new SystemMessage(instructions), new HumanMessage(material)], { signal });
  const fault = finalize(reply, true);
  if (fault) throw new BadReply(fault);
  return reply.text;
}
