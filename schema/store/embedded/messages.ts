/** What the parent tells the child over IPC before it opens anything. Secrets never appear on a command line. */
export interface ServeOrder {
  readonly type: 'serve';
  readonly dataDir: string;
  /** The child removes the folder when it ends. */
  readonly temporary: boolean;
  readonly database: string;
  /** 0: any free port; after the first start the parent asks for the same one again. */
  readonly port: number;
  readonly memoryLimitBytes: number;
  readonly writer: Credentials;
  readonly reader: Credentials;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type ParentMessage = ServeOrder | { readonly type: 'stop' };

/** Why a child gave up before it served. */
export type FailureReason = 'engine-missing' | 'engine' | 'port';

export type ChildMessage =
  | { readonly type: 'ready'; readonly port: number; readonly engineVersion: string }
  | { readonly type: 'failed'; readonly reason: FailureReason; readonly message: string }
  | { readonly type: 'warning'; readonly message: string; readonly detail: string };
