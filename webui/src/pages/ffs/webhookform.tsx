// A webhook, new or changed: where to, and of what it is told. What the node
// refuses is said at the field that it is about.
import { useState } from 'preact/hooks'
import { at, type Instance, type Webhook } from '../../api/ffs'
import { send, wordsOf } from '../../api/http'
import { ask, closeDialog, Dialog } from '../../parts/dialog'
import { SecretShown } from '../../parts/secret'
import { Command } from '../../parts/text'
import { say } from '../../parts/toast'
import { hookGroups, namesIn } from '../../words/webhooks'

type Choice = 'alerts' | 'all' | 'some'

function choiceOf(h: Webhook | undefined): Choice {
  if (!h || (h.events.length === 1 && h.events[0] === 'alerts')) return 'alerts'
  return h.events.length === 0 ? 'all' : 'some'
}

const choices: [Choice, string, string][] = [
  ['alerts', 'alerts', 'balance low, deal failed or slashed, copy lost, job failed or stuck'],
  ['all', 'everything', 'that concerns the instance'],
  ['some', 'some', 'of it:'],
]

function Events({ choice, text, set, problem }: { choice: Choice; text: string; set: (choice: Choice, text: string) => void; problem: string }) {
  return (
    <fieldset class="plain">
      <legend>It is told of</legend>
      {choices.map(([value, name, what]) => (
        <label key={value} class="check">
          <input type="radio" name="events" checked={choice === value} onChange={() => set(value, text)} /> <b>{name}</b> <span class="quiet">{what}</span>
        </label>
      ))}
      {choice === 'some' && (
        <label>
          <span class="hidden">Names of events</span>
          <input type="text" value={text} placeholder="job.done, deal" spellcheck={false} autocomplete="off" aria-invalid={!!problem} onInput={(e) => set(choice, e.currentTarget.value)} />
          <span class="quiet">Names, as job.done; or things: {hookGroups.map(([name]) => name).join(', ')}.</span>
        </label>
      )}
      {problem && <span class="no" role="alert">{problem}</span>}
    </fieldset>
  )
}

interface Problems { url?: string; events?: string; rest?: string }

/// The node's words begin with what they are about.
function placed(problem: unknown): Problems {
  const words = wordsOf(problem)
  return /^A webhook's url/.test(words) ? { url: words } : /event/.test(words) ? { events: words } : { rest: words }
}

function commandOf(of: Instance, known: Webhook | undefined, url: string, events: string[]): string {
  const told = events.map((e) => ` --event ${e}`).join('')
  return known ? `weir ffs webhook set ${known.id} --url ${url || 'URL'}${told} --instance ${of.id}` : `weir ffs webhook add ${url || 'URL'}${told} --instance ${of.id}`
}

export function WebhookDialog({ of, known }: { of: Instance; known?: Webhook }) {
  const [url, setUrl] = useState(known?.url ?? '')
  const [choice, setChoice] = useState(choiceOf(known))
  const [text, setText] = useState(choiceOf(known) === 'some' ? known!.events.join(', ') : '')
  const [problems, setProblems] = useState<Problems>({})
  const [busy, setBusy] = useState(false)
  const events = choice === 'all' ? [] : choice === 'alerts' ? ['alerts'] : namesIn(text)
  const unsaid = choice === 'some' && events.length === 0
  const submit = async (e: Event) => {
    e.preventDefault()
    setBusy(true)
    try {
      const body = { url: url.trim(), events }
      if (known) {
        await send('PATCH', at(of.id, 'webhooks', known.id), body)
        closeDialog()
        return say('The webhook was changed.')
      }
      const made = await send<Webhook>('POST', at(of.id, 'webhooks'), body)
      ask(<SigningSecret made={made} />)
    } catch (problem) {
      setProblems(placed(problem))
      setBusy(false)
    }
  }
  return (
    <Dialog title={known ? 'Change the webhook' : `New webhook for ${of.name}`}>
      <form onSubmit={submit} noValidate>
        <label>
          It delivers to
          <input type="url" required value={url} maxLength={2000} placeholder="https://example.org/hook" spellcheck={false} aria-invalid={!!problems.url} onInput={(e) => (setUrl(e.currentTarget.value), setProblems({}))} />
          {problems.url && <span class="no" role="alert">{problems.url}</span>}
        </label>
        <Events choice={choice} text={text} problem={problems.events ?? ''} set={(c, t) => (setChoice(c), setText(t), setProblems({}))} />
        {problems.rest && <p class="problem" role="alert">{problems.rest}</p>}
        <footer>
          <Command line={commandOf(of, known, url.trim(), events)} />
          <button type="submit" class="primary" disabled={busy || !url.trim() || unsaid}>{known ? 'Change' : 'Create'}</button>
        </footer>
      </form>
    </Dialog>
  )
}

function SigningSecret({ made }: { made: Webhook }) {
  return (
    <SecretShown title="The webhook was made" what="signing secret" text={made.signingSecret ?? ''} why="give it to the receiver now.">
      <p class="quiet">Each delivery is signed with it as Standard Webhooks has it: the headers webhook-id, webhook-timestamp and webhook-signature. By its id the receiver knows one that comes twice.</p>
    </SecretShown>
  )
}
