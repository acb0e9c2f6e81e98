import { Listr } from 'listr2';
import type { DefaultRenderer, ListrTask } from 'listr2';
import type { RunEvent } from '../../model/event.ts';
import type { Plan, PlannedPhase, PlannedWave } from '../../model/plan.ts';
import { counts, describeEvent } from '../../report/describe-event.ts';
import { localInstants } from '../../report/local-instants.ts';
import type { Paint } from '../io.ts';
import { hostActivity } from './host-activity.ts';
import { Milestones } from './milestones.ts';
import type { RunView } from './run-view.ts';

/** A list that is taller than the terminal cannot be drawn well; larger waves show a count and a few hosts. */
const hostsShown = 12;

type Task = ListrTask<unknown, typeof DefaultRenderer>;
type Handle = Parameters<Task['task']>[1];

/** Task lists in a terminal: phase → wave → host → step. It only shows; the engine orders, limits and retries. */
export function listrView(plan: Plan, o: { readonly paint: Paint; readonly zone: string }): RunView {
  const view = new ListrView(plan, o.paint, o.zone);
  return {
    onEvent: (event) => {
      view.show(event);
    },
    close: () => view.close(),
  };
}

class ListrView {
  readonly #milestones = new Milestones();
  /** What is on the screen and changes its text, by phase, `phase/wave` or `phase//host`. */
  readonly #handles = new Map<string, Handle>();
  readonly #paint: Paint;
  readonly #zone: string;
  readonly #done: Promise<unknown>;
  #phase = '';

  constructor(plan: Plan, paint: Paint, zone: string) {
    this.#paint = paint;
    this.#zone = zone;
    const list = new Listr(
      plan.phases.map((phase) => this.#phaseTask(phase)),
      {
        concurrent: false,
        exitOnError: false,
        registerSignalListeners: false,
        rendererOptions: { collapseSubtasks: true, collapseErrors: false, collapseSkips: true },
      },
    );
    this.#done = list.run();
  }

  show(event: RunEvent): void {
    const phase = event.phase ?? this.#phase;
    switch (event.type) {
      case 'phase.entered':
        this.#phase = phase;
        this.#milestones.reach(phase);
        break;
      case 'wave.opened':
        this.#say(phase, '');
        this.#milestones.reach(`${phase}/${event.data.wave}`);
        break;
      case 'host.finished':
        this.#hostFinished(phase, event.host ?? '', event.data);
        break;
      case 'wave.ended':
        this.#milestones.reach(`${phase}/${event.data.wave}/end`, counts(event.data.counts));
        break;
      case 'phase.ended':
        this.#milestones.reach(`${phase}/end`, counts(event.data.counts));
        break;
      default:
        this.#progress(phase, event);
    }
  }

  async close(): Promise<void> {
    this.#milestones.finish();
    await this.#done;
  }

  #progress(phase: string, event: RunEvent): void {
    if (event.host !== undefined) {
      const activity = hostActivity(event);
      if (activity !== undefined) this.#say(`${phase}//${event.host}`, localInstants(activity, this.#zone));
      return;
    }
    const { level, text } = describeEvent(event);
    if (level !== 'detail') this.#say(phase, localInstants(text, this.#zone));
  }

  #say(key: string, text: string): void {
    const handle = this.#handles.get(key);
    if (handle) handle.output = text;
  }

  #hostFinished(
    phase: string,
    host: string,
    data: { readonly outcome: string; readonly reason: string },
  ): void {
    const good = data.outcome === 'ok' || data.outcome === 'changed';
    this.#milestones.reach(
      `${phase}//${host}`,
      good ? data.outcome : `${data.outcome}: ${localInstants(data.reason, this.#zone)}`,
    );
  }

  #phaseTask(phase: PlannedPhase): Task {
    return {
      title: phase.name,
      rendererOptions: { outputBar: 1 },
      task: async (_context, task) => {
        this.#handles.set(phase.name, task);
        if ((await this.#milestones.when(phase.name)) === 'never') {
          task.skip(`${phase.name}  not begun`);
          return undefined;
        }
        const waves = phase.waves.map((wave, index) => this.#waveTask(phase, wave, index));
        return task.newListr([...waves, this.#endTask(phase, task)], {
          concurrent: false,
          exitOnError: false,
        });
      },
    };
  }

  /** Stays until the phase's soak is over, and puts the counts into the phase's title. */
  #endTask(phase: PlannedPhase, parent: Handle): Task {
    return {
      title: phase.soak === null ? 'end of the phase' : `soak ${phase.soak}`,
      task: async () => {
        const how = await this.#milestones.when(`${phase.name}/end`);
        // Thrown, so that the phase above does not get the mark of one that is done.
        if (how === 'never') throw new Error('not finished');
        parent.title = `${phase.name}  ${this.#paint('dim', how)}`;
      },
    };
  }

  #waveTask(phase: PlannedPhase, wave: PlannedWave, index: number): Task {
    const key = `${phase.name}/${index}`;
    const title = `wave ${wave.name}: ${wave.hosts.length} ${wave.hosts.length === 1 ? 'host' : 'hosts'}`;
    return {
      title,
      task: async (_context, task) => {
        if ((await this.#milestones.when(key)) === 'never') {
          task.skip(`${title}, not opened`);
          return undefined;
        }
        const hosts = wave.hosts.map((host) => this.#hostTask(phase.name, host));
        if (wave.hosts.length <= hostsShown)
          return task.newListr(hosts, { concurrent: true, exitOnError: false });
        return this.#countHosts(phase.name, wave, task);
      },
    };
  }

  /** A wave too large to list: how many are done, on one line. */
  async #countHosts(phase: string, wave: PlannedWave, task: Handle): Promise<void> {
    let done = 0;
    const { title } = task;
    for (const host of wave.hosts) {
      const how = await this.#milestones.when(`${phase}//${host}`);
      done += how === 'never' ? 0 : 1;
      task.title = `${title}, ${done} done`;
    }
    if (done < wave.hosts.length) throw new Error('not finished');
  }

  #hostTask(phase: string, host: string): Task {
    const key = `${phase}//${host}`;
    return {
      title: host,
      rendererOptions: { outputBar: 1 },
      task: async (_context, task) => {
        this.#handles.set(key, task);
        const how = await this.#milestones.when(key);
        if (how === 'never') throw new Error('not finished');
        else if (how === 'ok' || how === 'changed') task.title = `${host}  ${this.#paint('dim', how)}`;
        else if (/^(held|not-started)/.test(how)) task.skip(`${host}  ${how}`);
        else throw new Error(how);
      },
    };
  }
}
