// One way to ask the node. Every answer that is not a success becomes an
// ApiError with the node's own words.
import { signal } from '@preact/signals'

export const base = '/api/v1'

/// The revision that is looked at; null is now.
export const at = signal<number | null>(null)
/// True when the node wants a token that this browser has not given.
export const locked = signal(false)

export type Params = Record<string, string | number | boolean | null | undefined>

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly value = '',
    readonly limit = '',
  ) {
    super(message)
  }
}

const unreachable = 'The node does not answer. It may have stopped; the data on its disk is not touched by that.'

export async function errorOf(response: Response): Promise<ApiError> {
  if (response.status === 401) locked.value = true
  let body: Record<string, unknown> = {}
  try {
    body = await response.json()
  } catch {
    // not every proxy in between speaks problem+json
  }
  const text = (key: string) => (body[key] === undefined || body[key] === null ? '' : String(body[key]))
  const words = text('detail') || text('title') || `The node answered ${response.status}.`
  return new ApiError(response.status, text('code') || `http-${response.status}`, words, text('value'), text('limit'))
}

export function address(path: string, params: Params = {}): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(params))
    if (value !== null && value !== undefined && value !== '' && value !== false) query.set(key, String(value))
  const text = query.toString()
  return base + path + (text ? '?' + text : '')
}

async function ask(method: string, url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { method, credentials: 'same-origin', ...init })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new ApiError(0, 'unreachable', unreachable)
  }
  if (!response.ok) throw await errorOf(response)
  return response
}

export function asError(problem: unknown): ApiError {
  return problem instanceof ApiError ? problem : new ApiError(0, 'internal', String(problem))
}

/// What the node says is wrong, with the value and the limit that decided.
export function wordsOf(problem: unknown): string {
  if (!(problem instanceof ApiError)) return String(problem)
  const { message, value, limit } = problem
  return [message, value && `Value: ${value}.`, limit && `Limit: ${limit}.`].filter(Boolean).join(' ')
}

/// Reads, at the moment that is looked at.
export async function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const response = await ask('GET', address(path, { ...params, at: at.value }), { signal })
  return (await response.json()) as T
}

/// Reads what has no past: the node itself, the stream's events, bytes.
export async function getNow<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const response = await ask('GET', address(path, params), { signal })
  return (await response.json()) as T
}

export async function getBytes(path: string, range?: [number, number]): Promise<Response> {
  const headers: HeadersInit = range ? { Range: `bytes=${range[0]}-${range[1]}` } : {}
  return ask('GET', base + path, { headers })
}

export async function send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const init: RequestInit =
    body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
  const response = await ask(method, base + path, init)
  const text = await response.text()
  return (text ? JSON.parse(text) : null) as T
}

/// A path of a file inside a content, each name escaped on its own.
export function escapePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
