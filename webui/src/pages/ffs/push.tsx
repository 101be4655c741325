// A config for a CID, new or changed: every field says what it means, and what
// the node refuses is said at its field.
import { useEffect, useState } from 'preact/hooks'
import { at, type CidConfig, type CidShown, type Instance } from '../../api/ffs'
import { ApiError, asError, getNow, send } from '../../api/http'
import { Answer, Crumbs } from '../../parts/answer'
import { say } from '../../parts/toast'
import { Trouble, Waiting } from '../../parts/trouble'
import { go, link } from '../../routes'
import { shortCid } from '../../words/names'
import { ConfigForm } from './configform'

interface Known { preset: CidConfig; known: boolean }

/// The config that the CID has; the instance's default where it has none.
async function load(of: string, cid: string): Promise<Known> {
  try {
    if (cid) return { preset: (await getNow<CidShown>(at(of, 'cids', cid))).config, known: true }
  } catch (e) {
    if (!(e instanceof ApiError) || e.status !== 404) throw e
  }
  return { preset: await getNow<CidConfig>(at(of, 'config')), known: false }
}

export function PushPage({ of, cid: given, trail }: { of: Instance; cid: string; trail: [string, string][] }) {
  const [state, setState] = useState<Known | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const [cid, setCid] = useState(given)
  const [wrongCid, setWrongCid] = useState('')
  const [noExec, setNoExec] = useState(false)
  useEffect(() => {
    load(of.id, given).then(setState).catch((e) => setError(asError(e)))
  }, [of.id, given])
  if (!state) return error ? <Trouble error={error} command={`weir ffs config --instance ${of.id}`} /> : <Waiting />
  const run = async (config: CidConfig) => {
    setWrongCid('')
    if (!cid.trim()) return setWrongCid('Which CID? It has to be stored here, or found by the hot layer.')
    try {
      const { job } = await send<{ job: string | null }>('PUT', at(of.id, 'cids', cid.trim()), { config, override: state.known, noExec })
      say(job ? 'A job makes it so.' : 'The config was stored, without a job.')
      go(job ? link('ffs', of.id, 'jobs', job) : link('ffs', of.id, 'cids', cid.trim()))
    } catch (e) {
      if (e instanceof ApiError && e.code === 'invalid-cid') return setWrongCid(e.message)
      throw e
    }
  }
  return (
    <article>
      <Crumbs trail={trail} here={given ? shortCid(given) : 'Push a config'} />
      <Answer
        big={given ? 'Change' : 'Push'}
        sentence={given ? `what is wanted of ${shortCid(given)}` : 'what is wanted of a CID'}
        more={state.known ? 'It takes the place of the config that it has; a job of it that still waits gives way.' : "The fields begin with the default of the instance; a job makes them so."}
      />
      {!given && (
        <div class={`field cid-field ${wrongCid ? 'wrong' : ''}`}>
          <label for="field-cid">CID</label>
          <input id="field-cid" type="text" value={cid} spellcheck={false} autocomplete="off" placeholder="bafy…" aria-invalid={!!wrongCid} aria-describedby={wrongCid ? 'field-cid-no' : undefined} onInput={(e) => (setCid(e.currentTarget.value), setWrongCid(''))} />
          {wrongCid && <p class="no" id="field-cid-no" role="alert">{wrongCid}</p>}
        </div>
      )}
      <ConfigForm preset={state.preset} instance={of.id} verb={noExec ? 'Store the config' : 'Push'} command={`weir ffs push ${cid.trim() || 'CID'} --instance ${of.id}${state.known ? ' --override' : ''}${noExec ? ' --no-exec' : ''}`} run={run} unchanged>
        <label class="check">
          <input type="checkbox" checked={noExec} onChange={(e) => setNoExec(e.currentTarget.checked)} /> Only store it: no job begins
        </label>
      </ConfigForm>
    </article>
  )
}
