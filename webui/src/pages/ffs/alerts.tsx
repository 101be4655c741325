// What somebody should look at, of one instance.
import type { Instance } from '../../api/ffs'
import { isNew, type FoundAlerts } from '../../live/alerts'
import { AlertLines, SeenButton } from '../../parts/alerts'
import { Answer } from '../../parts/answer'
import { Command } from '../../parts/text'
import { Empty, Trouble, Waiting } from '../../parts/trouble'
import { link } from '../../routes'
import { count, plural } from '../../words/amounts'

export function AlertsTab({ of, found, error }: { of: Instance } & FoundAlerts) {
  const command = `weir ffs webhook add URL --event alerts --instance ${of.id}`
  if (!found) return error ? <Trouble error={error} command={command} /> : <Waiting />
  const fresh = found.filter(isNew).length
  return (
    <>
      <Answer
        big={found.length === 0 ? 'Nothing' : count(fresh || found.length)}
        sentence={found.length === 0 ? 'has to be looked at' : fresh ? (fresh === 1 ? 'thing to look at' : 'things to look at') : found.length === 1 ? 'alert, seen' : 'alerts, all seen'}
        more={fresh > 0 && found.length > fresh && `${plural(found.length - fresh, 'older alert')} below ${found.length - fresh === 1 ? 'was' : 'were'} seen.`}
      >
        <SeenButton list={found} />
      </Answer>
      {found.length === 0 ? (
        <Empty title="No alert among what the journal was asked for." command={command}>
          A balance that is too low, a deal that failed or was slashed, a content that lost a copy, a job that failed or does not move: they appear here as they happen, and <a href={link('ffs', of.id, 'webhooks')}>a webhook</a> can tell somebody.
        </Empty>
      ) : (
        <section aria-label="Alerts">
          <AlertLines list={found} of={of.id} />
          <p><Command line={command} /></p>
        </section>
      )}
    </>
  )
}
