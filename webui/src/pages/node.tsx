// How the node itself does: up since when, how fast, what queues up, what it
// holds; its money; its configuration as it is in force.
import { useEffect, useState } from 'preact/hooks'
import { getNow } from '../api/http'
import type { NodeInfo, Wallet } from '../api/types'
import { cropped, FlowPlot } from '../drawings/flowplot'
import { onTransaction } from '../live/feed'
import { hasChain, node, scarce } from '../live/node'
import { flow } from '../live/summary'
import { throttle } from '../live/throttle'
import { Answer } from '../parts/answer'
import { Bytes, Cid, Command, Facts, When } from '../parts/text'
import { Empty } from '../parts/trouble'
import { link } from '../routes'
import { count, fil, plural } from '../words/amounts'
import { duration, now } from '../words/time'

function Queues({ info }: { info: NodeInfo }) {
  return (
    <section aria-label="Queues">
      <h2>Queues</h2>
      {info.queues.length === 0 && <p class="quiet">None is reported.</p>}
      <ul class="queues">
        {info.queues.map((q) => (
          <li key={q.name} class={q.limit > 0 && q.length / q.limit > 0.8 ? 'wait' : ''}>
            <span>{q.name}</span>
            <meter min={0} max={Math.max(1, q.limit)} value={q.length} aria-label={`${q.name}: ${q.length} of ${q.limit}`} />
            <span class="right">{count(q.length)} <span class="quiet">of {count(q.limit)}</span></span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const isEmpty = (w: Wallet) => w.balance === '0' && w.escrow === '0'

function Wallets() {
  const [wallets, setWallets] = useState<Wallet[] | null>(null)
  const [error, setError] = useState('')
  useEffect(() => {
    const load = throttle(3000, () => {
      getNow<Wallet[] | { items: Wallet[] }>('/wallets')
        .then((w) => (setWallets(Array.isArray(w) ? w : w.items), setError('')))
        .catch((e) => setError((e as Error).message))
    })
    load()
    return onTransaction((t) => t.events.some((e) => /^(wallet|message|deal)\./.test(e.kind)) && load())
  }, [])
  return (
    <section aria-label="Wallets">
      <h2>Wallets</h2>
      {error && <p class="quiet">{error}</p>}
      {wallets?.length === 0 && <Empty title="There is no address." command="weir wallet new">Without one no deal can be proposed.</Empty>}
      {wallets && wallets.length > 0 && wallets.every(isEmpty) && (
        <div class="words">
          <p><b>Nothing is on any address.</b> What is stored stays stored; no deal can be proposed until one of them is funded.</p>
        </div>
      )}
      {wallets && wallets.length > 0 && (
        <table class="small stacks">
          <thead><tr><th>Address</th><th class="right">Balance</th><th class="right">Escrow</th><th class="right">Locked</th></tr></thead>
          <tbody>
            {wallets.map((w) => (
              <tr key={w.addr}>
                <td class="first"><Cid cid={w.addr} head={10} /> <span class="quiet">{[w.name, w.isDefault && w.name !== 'default' ? 'default' : ''].filter(Boolean).join(', ')}</span></td>
                <td class="right" data-label="balance">{fil(w.balance)}</td>
                <td class="right" data-label="escrow">{fil(w.escrow)}</td>
                <td class="right" data-label="locked">{fil(w.locked)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {wallets && wallets.length > 0 && <p><Command line="weir wallet add-escrow 2FIL" /></p>}
    </section>
  )
}

function saveDiagnostics(info: NodeInfo): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(info, null, 2)], { type: 'application/json' }))
  const a = document.createElement('a')
  a.href = url
  a.download = `weir-${new Date().toISOString().slice(0, 19).replace(/:/g, '')}.json`
  a.click()
  URL.revokeObjectURL(url)
}

/// How much is left is said over every page.
function NearlyFull({ info }: { info: NodeInfo }) {
  if (!scarce(info.store)) return null
  return (
    <div class="words">
      <p><b>To make room</b>, drop local copies of what is safe, or let go of blocks that nothing needs: <Command line="weir store gc" /></p>
    </div>
  )
}

function StoreFacts({ info }: { info: NodeInfo }) {
  const s = info.store
  return (
    <section aria-label="Store">
      <h2>Store and process</h2>
      <NearlyFull info={info} />
      <Facts
        rows={[
          ['Blocks of contents', count(s.blocks)],
          ['Loose blocks', <Bytes n={s.blockBytes} />],
          ['Pieces', <Bytes n={s.pieceBytes} />],
          ['Free', <><Bytes n={s.freeBytes} />{scarce(s) && <span class="wait"> · nearly full</span>}</>],
          ['Pins', <a href={link('pins')}>what is kept whatever becomes of its content</a>],
          ['Memory', <Bytes n={info.memory.rss} />],
          ['Version', info.version],
          ['Role', info.role],
          ['Network', info.network],
          ['Started', <When ms={info.startedAt} />],
          ['Revision', count(info.revision)],
        ]}
      />
    </section>
  )
}

function ChainFacts({ info }: { info: NodeInfo }) {
  if (!hasChain.value) return <section><h2>Chain</h2><Empty title="There is no chain." command="weir node --data DIR --devnet">Without a chain, contents are stored and packed, and wait for their deals.</Empty></section>
  return (
    <section aria-label="Chain">
      <h2>Chain</h2>
      <Facts
        rows={[
          ['Connection', info.chain.connected ? 'answers' : 'does not answer'],
          ['Epoch', count(info.epoch)],
          ['Final up to', info.finalizedEpoch >= 0 ? `${count(info.finalizedEpoch)}, ${plural(Math.max(0, info.epoch - info.finalizedEpoch), 'epoch')} behind` : '—'],
          ['Lag', plural(info.chain.lagEpochs, 'epoch')],
        ]}
      />
      {info.network.includes('devnet') && <p><Command line="weir devnet advance 2d" /></p>}
    </section>
  )
}

const minute = 60

export function NodePage() {
  const info = node.value!
  const started = info.startedAt > 0 ? (now.value - info.startedAt) / 1000 : info.uptimeSeconds
  return (
    <>
      <Answer big={duration(started < minute ? started : started - (started % minute))} sentence="up" more={`${info.version} on ${info.network}, role ${info.role}.`}>
        <button type="button" onClick={() => saveDiagnostics(info)}>Save diagnostics</button>
      </Answer>
      <div class="halves">
        <div>
          <section aria-label="Throughput"><h2>Throughput of the last {flow.value ? duration(flow.value.step * cropped(flow.value).series.in.length) : 'hour'}</h2>{flow.value ? <FlowPlot flow={flow.value} /> : <p class="quiet">Nothing flowed yet.</p>}</section>
          <Queues info={info} />
          <Wallets />
        </div>
        <div>
          <StoreFacts info={info} />
          <ChainFacts info={info} />
          <section aria-label="Configuration">
            <h2>Configuration in force</h2>
            <details><summary>Show all {plural(Object.keys(info.config ?? {}).length, 'entry', 'entries')}</summary><pre tabIndex={0}>{JSON.stringify(info.config, null, 2)}</pre></details>
            <p><Command line="weir node --help" /></p>
          </section>
        </div>
      </div>
    </>
  )
}
