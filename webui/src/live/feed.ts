// This tab's end of the event stream: the worker's where there are
// SharedWorkers, its own otherwise. Everybody in the page listens here.
import { signal } from '@preact/signals'
import { locked } from '../api/http'
import type { NodeInfo, Transaction } from '../api/types'
import { Stream, type Message, type Status } from './stream'

declare const WORKER_URL: string

export const status = signal<Status>({ state: 'connecting' })
/// The last revision that this tab has heard of.
export const revision = signal(0)
/// Counts up when lists must be loaded again: what came in between is gone.
export const generation = signal(0)

/// The newest transactions, oldest first, for lists that were asked for while these came.
export const recent: Transaction[] = []
const keep = 2000

type Listener = (t: Transaction) => void
const listeners = new Set<Listener>()
const nodeListeners = new Set<(n: Partial<NodeInfo>) => void>()

export function onTransaction(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function onNode(listener: (n: Partial<NodeInfo>) => void): () => void {
  nodeListeners.add(listener)
  return () => nodeListeners.delete(listener)
}

function take(message: Message): void {
  switch (message.type) {
    case 'transaction':
      revision.value = message.data.revision
      recent.push(message.data)
      if (recent.length > keep) recent.splice(0, recent.length - keep)
      for (const listener of [...listeners]) listener(message.data)
      break
    case 'node':
      for (const listener of nodeListeners) listener(message.data)
      break
    case 'status':
      status.value = message.data
      if (message.data.state === 'locked') locked.value = true
      break
    case 'reload':
      recent.length = 0
      generation.value++
      break
  }
}

let again: () => void = () => {}

export function retry(): void {
  again()
}

function useWorker(from: number): void {
  const worker = new SharedWorker(WORKER_URL, { type: 'module', name: 'weir' })
  const hello = (at: number) => worker.port.postMessage({ type: 'hello', revision: at })
  worker.port.onmessage = ({ data }: MessageEvent<Message>) => take(data)
  worker.port.start()
  addEventListener('pagehide', () => worker.port.postMessage({ type: 'bye' }))
  addEventListener('pageshow', (e) => e.persisted && hello(revision.peek()))
  again = () => worker.port.postMessage({ type: 'retry' })
  worker.onerror = () => useOwn(revision.peek())
  hello(from)
}

function useOwn(from: number): void {
  const stream = new Stream(from, '/api/v1/watch', take)
  again = () => stream.retry()
  stream.start()
}

/// Begins to listen after revision `from`. Lists are loaded after this call.
export function listen(from: number): void {
  revision.value = from
  if (typeof SharedWorker === 'undefined') useOwn(from)
  else useWorker(from)
}
