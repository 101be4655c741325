// Webhooks of an instance: how each stands, told by the event stream; tried at
// the press of a button.
import { useState } from 'preact/hooks'
import { at, type Instance, type Webhook } from '../../api/ffs'
import { send, wordsOf } from '../../api/http'
import { revision } from '../../live/feed'
import { useList } from '../../live/list'
import { Answer } from '../../parts/answer'
import { Confirm } from '../../parts/confirm'
import { ask } from '../../parts/dialog'
import { Menu, type Choice } from '../../parts/menu'
import { Command, When } from '../../parts/text'
import { copy } from '../../parts/toast'
import { Empty, Trouble, Waiting } from '../../parts/trouble'
import { count } from '../../words/amounts'
import { shortId } from '../../words/names'
import { now } from '../../words/time'
import { failuresWords, hookState, nextWords, toldOf, upToWords } from '../../words/webhooks'
import { WebhookDialog } from './webhookform'

function askRemove(of: Instance, h: Webhook): void {
  ask(
    <Confirm
      title="Remove this webhook?"
      lost={[`${h.url} is told of nothing any more.`, ...(h.failures > 0 ? ['What waits to be delivered is not delivered.'] : []), 'Its signing secret: another webhook has another one.']}
      kept={['The events themselves: they are on the page of events, and in the lists.']}
      verb="Remove"
      command={`weir ffs webhook rm ${h.id} --instance ${of.id}`}
      run={() => send('DELETE', at(of.id, 'webhooks', h.id))}
      done="The webhook was removed."
    />,
  )
}

function choices(of: Instance, h: Webhook): Choice[] {
  return [
    { name: 'Change where to, or of what…', run: () => ask(<WebhookDialog of={of} known={h} />) },
    { name: 'Copy the address', run: () => void copy(h.url) },
    { name: 'Copy its id', run: () => void copy(h.id) },
    { name: 'Remove…', run: () => askRemove(of, h), loss: true },
  ]
}

function Standing({ h }: { h: Webhook }) {
  const state = hookState(h)
  if (state === 'failing')
    return (
      <>
        <p class="wait">
          <b>Fails</b> since <When ms={h.failingSince || h.lastTry} />: {failuresWords(h)}. It is tried again <b>{nextWords(h, now.value)}</b>.
        </p>
        <p>
          {h.err.message} <span class="quiet">{h.err.value && h.err.value !== h.url && `Value: ${h.err.value}. `}{h.err.limit && `Limit: ${h.err.limit}. `}</span>
        </p>
        <p class="quiet">
          {upToWords(h)} What came after it waits, in order.{h.lastSuccess > 0 && <> The last delivery was <When ms={h.lastSuccess} brief />.</>}
        </p>
      </>
    )
  if (state === 'new') return <p class="quiet">{upToWords(h)}</p>
  return (
    <>
      <p>
        <span class="good">Delivers.</span> Taken last <When ms={h.lastSuccess} />. <span class="quiet">{upToWords(h)}</span>
      </p>
      {h.err.code !== 'none' && <p class="wait">{h.err.message}</p>}
    </>
  )
}

interface Tested { delivered: boolean; err: { code: string; message: string } }

/// What came of the last test, here and now; the node keeps nothing of it.
function Test({ of, h }: { of: Instance; h: Webhook }) {
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<{ good: boolean; words: string; time: number } | null>(null)
  const test = async () => {
    setBusy(true)
    setSaid(null)
    const done = (good: boolean, words: string) => setSaid({ good, words, time: Date.now() })
    await send<Tested>('POST', at(of.id, 'webhooks', h.id, 'test')).then(
      (t) => done(t.delivered, t.delivered ? 'The receiver took it.' : t.err.message),
      (e) => done(false, wordsOf(e)),
    )
    setBusy(false)
  }
  return (
    <>
      <div class="acts row">
        <button type="button" disabled={busy} onClick={() => void test()} aria-label={`Test ${h.url}`}>{busy ? 'Delivers…' : 'Test'}</button>
        <Menu label={`What to do with ${h.url}`} choices={choices(of, h)} />
      </div>
      <p class={`tested ${said ? (said.good ? 'good' : 'wait') : ''}`} role="status">
        {said && <>Test {said.good ? 'delivered' : 'not delivered'} <When ms={said.time} brief />: {said.words}</>}
      </p>
    </>
  )
}

function Hook({ of, h }: { of: Instance; h: Webhook }) {
  return (
    <li class={hookState(h)}>
      <p class="to"><b>{h.url}</b> <code class="quiet" title={h.id}>{shortId(h.id)}</code></p>
      <p class="quiet">Is told of {toldOf(h.events)}. Made <When ms={h.created} brief />.</p>
      <Standing h={h} />
      <Test of={of} h={h} />
    </li>
  )
}

export function WebhooksTab({ of }: { of: Instance }) {
  const list = useList<Webhook>({
    path: at(of.id, 'webhooks'),
    table: 'ffs-webhooks',
    key: (h) => `${h.instance}/${h.id}`,
    match: (h) => h.instance === of.id,
    compare: (a, b) => a.created - b.created,
  })
  if (list.error) return <Trouble error={list.error} command={`weir ffs webhook ls --instance ${of.id}`} retry={() => void list.load()} />
  if (!list.complete) return <Waiting />
  const hooks = list.order.map((k) => list.items.get(k)!)
  const failing = hooks.filter((h) => h.failures > 0).length
  return (
    <>
      <Answer
        big={hooks.length === 0 ? 'Nobody' : failing ? `${count(failing)} of ${count(hooks.length)}` : count(hooks.length)}
        sentence={hooks.length === 0 ? 'is told over HTTP' : failing ? `${failing === 1 ? 'webhook fails' : 'webhooks fail'}` : hooks.length === 1 ? 'webhook delivers' : 'webhooks deliver'}
        more={hooks.length > 0 && `Each event is delivered in order and at least once; the newest revision is r${count(revision.value)}.`}
      >
        <button type="button" class="primary" onClick={() => ask(<WebhookDialog of={of} />)}>New webhook</button>
      </Answer>
      {hooks.length === 0 ? (
        <Empty title="No webhook yet." command={`weir ffs webhook add https://example.org/hook --event alerts --instance ${of.id}`}>
          What happens to this instance is delivered to a URL by POST, signed. A receiver that is down gets everything when it is back: the journal waits for it.
        </Empty>
      ) : (
        <>
          <ul class="hooks" aria-label="Webhooks">{hooks.map((h) => <Hook key={h.id} of={of} h={h} />)}</ul>
          <p><Command line={`weir ffs webhook ls --instance ${of.id}`} /></p>
        </>
      )}
    </>
  )
}
