/**
 * The load model is written as generators: they yield what they wish for and are handed what came of it. So the same code runs where
 * calls block (k6) and where they do not (Node), and a test drives it with literal answers.
 */
export type Wish = Wait | Exchange;

export interface Wait {
  /** Wall time in ms since 1970. */
  readonly untilMs: number;
}

export interface Exchange {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Whether anybody will read the answer's body. */
  readonly reads: boolean;
}

export interface Answer {
  /** 0: no answer came, for the reason in `error`; the call may have happened or not. */
  readonly status: number;
  readonly body?: string | undefined;
  readonly error?: string | undefined;
  /** Who was asked, as far as the client knows. */
  readonly address?: string | undefined;
}

export type Wishes<T> = Generator<Wish, T, Answer>;

export const succeeded = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300;

export const reason = (answer: Answer): string => answer.error ?? `HTTP ${answer.status}`;
