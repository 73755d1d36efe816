/** Somebody who does what the README says, in a folder of their own. */

import { spawnSync } from 'node:child_process';
import { startCommand, type Program } from '../support/programs.ts';

/** Where there is no curl, this takes its place: it sends `-d` fields as a form. */
const FAKE_CURL = `curl() { node -e '
  const [url, ...rest] = process.argv.slice(1);
  const body = rest.filter((one) => one !== "-d").join("&");
  fetch(url, { method: "POST", body: new URLSearchParams(body) }).then((answer) => answer.text()).then(console.log);
' "$@"; }
`;
const HAS_CURL = spawnSync('curl', ['--version']).error === undefined;

export class Reader {
  readonly folder: string;
  readonly port: number;
  #serving: Program | null = null;

  constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** The address is the one thing that differs from what is printed. */
  sh(commands: string): Program {
    const here = commands.replaceAll('localhost:8080', `localhost:${this.port}`);
    const script = (HAS_CURL ? '' : FAKE_CURL) + here;
    // A group of its own, so that what npm started ends with it.
    return startCommand('sh', ['-c', script], this.folder, { PORT: String(this.port) }, { detached: true });
  }

  async run(commands: string): Promise<string> {
    const program = this.sh(`set -e\n${commands}`);
    const code = await program.ended;
    if (code !== 0) throw new Error(`${commands}\nended with ${code}: ${program.errors()}`);
    return program.out();
  }

  async start(): Promise<void> {
    this.#serving = this.sh('npm start');
    await this.#serving.says(/"Listening on /);
  }

  async stop(): Promise<void> {
    if (this.#serving) await endGroup(this.#serving, 'SIGTERM');
    this.#serving = null;
  }

  async page(path: string): Promise<string> {
    const response = await fetch(this.url + path);
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
    return response.text();
  }
}

export async function endGroup(program: Program, signal: NodeJS.Signals): Promise<void> {
  process.kill(-program.process.pid!, signal);
  await program.ended;
}
