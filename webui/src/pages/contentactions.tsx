// What can be done with a content, in the menu of its row and on its page.
import { at, base, send } from '../api/http'
import type { Content } from '../api/types'
import { node } from '../live/node'
import { Confirm } from '../parts/confirm'
import { ask } from '../parts/dialog'
import type { Choice } from '../parts/menu'
import { copy, say } from '../parts/toast'
import { link } from '../routes'
import { bytes, plural } from '../words/amounts'
import { ChangeContent } from './changecontent'
import { NewPin } from './newpin'

export function activeDeals(c: Content): number {
  return (c.deals ?? []).filter((d) => d.state === 'active').length
}

/// Providers hold it by active deals; a split content is only as safe as its least held piece.
function elsewhere(c: Content): string {
  const n = activeDeals(c)
  return n > 0
    ? `${plural(n, 'active deal')}: the providers keep their copies until the deals end, and anyone with the CID can ask them.`
    : 'Nothing: no provider holds a copy of it.'
}

export function askOffload(c: Content): void {
  ask(
    <Confirm
      title={`Drop the local copy of ${c.name}?`}
      lost={[`The local copy: ${bytes(c.size)} in ${plural(c.files, 'file')} on this node's disk.`]}
      kept={[elsewhere(c), 'Its record, its place in its pieces and its promise. It can be brought back from a provider at any time.']}
      verb="Drop the local copy"
      command={`weir offload ${c.cid}`}
      run={() => send('POST', `/contents/${c.id}/offload`)}
      done={`The local copy of ${c.name} was dropped.`}
    />,
  )
}

function restore(c: Content): void {
  send('POST', `/contents/${c.id}/restore`).then(
    () => say(`${c.name} is brought back from a provider.`),
    (e) => say((e as Error).message, true),
  )
}

export function askRemove(c: Content, then?: () => void): void {
  ask(
    <Confirm
      title={`Delete ${c.name}?`}
      lost={[
        `${bytes(c.size)} in ${plural(c.files, 'file')} on this node, unless another content shares the blocks.`,
        `The promise of ${plural(c.copies, 'copy', 'copies')}: lost deals are not replaced and ending ones not renewed.`,
      ]}
      kept={[elsewhere(c), 'Deals that are already on chain: nobody can take them back.']}
      name={c.name}
      verb="Delete"
      command={`weir rm ${c.cid}`}
      run={async () => {
        await send('DELETE', `/contents/${c.id}`)
        then?.()
      }}
      done={`${c.name} was deleted.`}
    />,
  )
}

/// Address at the gateway, an origin of its own; null when the node names none.
export function shareLink(cid: string): string | null {
  const gateway = node.value?.config?.gateway
  // A port of 0 is chosen when the node starts, and not told here.
  if (typeof gateway !== 'string' || !gateway || gateway.endsWith(':0')) return null
  return `${gateway.includes('://') ? gateway : 'http://' + gateway}/ipfs/${cid}`
}

function whyNotOffload(c: Content): string | undefined {
  if (!c.local) return 'There is no local copy any more.'
  return c.state === 'active' ? undefined : 'Not before all its promised deals are active: the local copy may be the only one.'
}

export function choicesFor(c: Content, then?: () => void): Choice[] {
  const past = at.value !== null ? 'This is the past; come back to now first.' : undefined
  const share = shareLink(c.cid)
  return [
    { name: 'Life and deals', href: link('contents', c.id) },
    { name: c.files > 1 ? 'Open its files' : 'Show its file', href: link('files', c.id) },
    ...(c.files === 1 ? [{ name: 'Download', href: `${base}/contents/${c.id}/data/?download=1`, download: true }] : []),
    ...(c.owner.startsWith('ffs/') ? [{ name: 'What its instance wants of it', href: link('ffs', c.owner.slice(4), 'cids', c.cid) }] : []),
    { name: 'Copy CID', run: () => void copy(c.cid) },
    ...(share ? [{ name: 'Copy link at the gateway', run: () => void copy(share) }] : []),
    { name: 'Rename, or change its promise…', run: () => ask(<ChangeContent content={c} />), not: past },
    ...(c.local ? [] : [{ name: 'Bring the local copy back', run: () => restore(c), not: past }]),
    { name: 'Pin its blocks here…', run: () => ask(<NewPin cid={c.cid} name={c.name} />), not: past ?? (c.local ? undefined : 'There is no local copy that could be kept.') },
    { name: 'Drop the local copy…', run: () => askOffload(c), not: past ?? whyNotOffload(c) },
    { name: 'Delete…', run: () => askRemove(c, then), loss: true, not: past },
  ]
}
