// How much of a bucket's time has passed: from its creation to when its age
// or schedule makes it ready, on the chain's clock.
import type { Bucket } from '../api/types'
import { epochTime, node } from '../live/node'
import { bytes, plural } from '../words/amounts'
import { readyReasons } from '../words/names'
import { duration } from '../words/time'

export function agePart(bucket: Bucket): number | null {
  const epoch = node.value?.epoch ?? -1
  if (bucket.dueAt < 0 || bucket.createdAt < 0 || epoch < 0 || bucket.dueAt <= bucket.createdAt) return null
  return Math.min(1, Math.max(0, (epoch - bucket.createdAt) / (bucket.dueAt - bucket.createdAt)))
}

export function dueWords(bucket: Bucket): string {
  if (bucket.state === 'complete') return bucket.pieces.length ? `complete, ${plural(bucket.pieces.length, 'piece')}` : 'complete'
  if (bucket.ready !== 'open') return readyReasons[bucket.ready] ?? bucket.ready
  const epoch = node.value?.epoch ?? -1
  if (bucket.dueAt < 0 || epoch < 0) return readyReasons.open
  const left = (epochTime.value(bucket.dueAt) - epochTime.value(epoch)) / 1000
  return left > 0 ? `ready in ${duration(left)} at the latest` : 'due now'
}

export function fillWords(bucket: Bucket): string {
  return bucket.threshold > 0 ? `${bytes(bucket.size)} of ${bytes(bucket.threshold)}` : bytes(bucket.size)
}
