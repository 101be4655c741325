// How a webhook stands, and what it is told of, in words. Plain logic, so that
// it can be tested without a page.
import type { Webhook } from '../api/ffs'
import { count, plural } from './amounts'
import { duration } from './time'

export type HookState = 'new' | 'delivering' | 'failing'

/// As the API has it: of the record alone, which is what the stream tells.
export function hookState(h: Webhook): HookState {
  return h.failures > 0 ? 'failing' : h.lastSuccess === 0 ? 'new' : 'delivering'
}

/// All events of a thing go by the thing's name.
export const hookGroups: [name: string, what: string][] = [
  ['job', 'jobs: queued, each step, their end'],
  ['deal', 'deals of its contents'],
  ['content', 'contents: packed, active, degraded'],
  ['config', 'configs that are pushed or let go of'],
  ['retrieval', 'unfreezes'],
  ['wallet', 'its addresses'],
  ['token', 'tokens made and revoked'],
  ['instance', 'the instance itself'],
]

export function toldOf(events: string[]): string {
  if (events.length === 0) return 'everything that concerns the instance'
  return events.map((e) => (e === 'alerts' ? 'what somebody should look at (alerts)' : e.includes('.') ? e : `all ${e} events`)).join(', ')
}

/// Names as somebody writes them: job.done, deal wallet.low
export function namesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))]
}

/// When it is tried again, as seen now.
export function nextWords(h: Webhook, now: number): string {
  const left = Math.ceil((h.nextTry - now) / 1000)
  return h.nextTry > 0 && left > 0 ? `in ${duration(left)}` : 'now'
}

export function upToWords(h: Webhook): string {
  if (hookState(h) === 'new') return `It is told of what comes after r${count(h.told)}; nothing did so far.`
  return `Everything up to r${count(h.told)} was delivered.`
}

export function failuresWords(h: Webhook): string {
  return `${plural(h.failures, 'try', 'tries')} in a row`
}
