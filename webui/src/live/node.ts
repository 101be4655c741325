// The node itself: loaded once, kept fresh by the stream's `node` events.
import { computed, signal } from '@preact/signals'
import { getNow } from '../api/http'
import type { NodeInfo } from '../api/types'
import { onNode } from './feed'

export const node = signal<NodeInfo | null>(null)

export async function loadNode(): Promise<NodeInfo> {
  const info = await getNow<NodeInfo>('/node')
  node.value = info
  return info
}

onNode((part) => {
  if (node.value) node.value = { ...node.value, ...part }
})

/// Less is left than a bucket of the usual size and the piece made of it take.
const little = 10 * 2 ** 30

/// A file system that says nothing of its room has none to warn of.
export function scarce(store: NodeInfo['store']): boolean {
  return store.freeBytes > 0 && store.freeBytes < little
}

/// Milliseconds since 1970 that an epoch began on the chain's clock.
export const epochTime = computed(() => {
  const genesis = node.value?.genesisTime ?? 0
  // Seconds, as the chain has it, unless it can only be milliseconds.
  const start = genesis > 1e11 ? genesis : genesis * 1000
  const step = (node.value?.epochSeconds || 30) * 1000
  return (epoch: number) => start + epoch * step
})

/// What the chain's clock shows now: the devnet's may run ahead of the wall's.
export const chainNow = computed(() => {
  const info = node.value
  return info && info.epoch >= 0 ? epochTime.value(info.epoch) : Date.now()
})

/// True where there is a chain at all.
export const hasChain = computed(() => (node.value ? node.value.network !== 'none' : false))
