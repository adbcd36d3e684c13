// What @std/async 1.5.0 declares under "@std/async/delay".

export interface DelayOptions {
  signal?: AbortSignal;
  persistent?: boolean;
}
export declare function delay(ms: number, options?: DelayOptions): Promise<void>;
