import { useEffect } from 'preact/hooks'
import { at, send } from '../api/http'
import type { Bucket, Content } from '../api/types'
import { Level } from '../drawings/level'
import { useList } from '../live/list'
import { useRecord } from '../live/record'
import { Answer, Crumbs } from '../parts/answer'
import { agePart, dueWords, fillWords } from '../parts/bucketage'
import { Confirm } from '../parts/confirm'
import { ask } from '../parts/dialog'
import { Table } from '../parts/table'
import { Cid, EpochTime, Facts, When } from '../parts/text'
import { Empty, ProblemLine, Trouble, Waiting } from '../parts/trouble'
import { link } from '../routes'
import { bytes, count, plural } from '../words/amounts'
import { bucketTitle, shortId } from '../words/names'
import { duration } from '../words/time'
import { node } from '../live/node'
import { AddButtons, dropBucket } from '../upload/drop'
import { contentList } from './contentlist'
import { contentColumns } from './contenttable'

function askClose(b: Bucket): void {
  ask(
    <Confirm
      title={`Close ${bucketTitle(b.name)} now?`}
      lost={['Its room: what is added later goes into a successor of the same name.']}
      kept={[`All ${plural(b.count, 'content')} in it; they are packed into a piece at once.`]}
      verb="Close and pack"
      command={`weir bucket close ${b.name || 'global'}`}
      run={() => send('POST', `/buckets/${b.id}/close`)}
      done="The bucket was closed; it is packed next."
    />,
  )
}

function BucketFacts({ b }: { b: Bucket }) {
  const seconds = b.every * (node.value?.epochSeconds || 30)
  return (
    <Facts
      rows={[
        ['Threshold', b.threshold ? bytes(b.threshold) : 'none'],
        ['Most contents', b.maxCount ? count(b.maxCount) : 'no limit'],
        ['Schedule', b.every ? `every ${duration(seconds)}` : 'none'],
        ['Due', <EpochTime epoch={b.dueAt} />],
        ['Opened', <When ms={b.created} />],
        ['Ready', <EpochTime epoch={b.readyAt} />],
        ['Complete', <EpochTime epoch={b.completeAt} />],
        ['Pieces', b.pieces.length ? b.pieces.map((p) => <Cid key={p} cid={p} href={link('pieces', p)} head={12} />) : 'none yet'],
      ]}
    />
  )
}

export function BucketPage({ id }: { id: string }) {
  const { value: b, error, reload } = useRecord<Bucket>({ path: `/buckets/${id}`, concerns: (c) => c.table === 'buckets' && c.key === id })
  const list = useList<Content>(contentList({ q: '', state: '', bucket: id }))
  const name = b?.name ?? ''
  useEffect(() => {
    dropBucket.value = name
    return () => (dropBucket.value = '')
  }, [name])
  if (!b) return error ? <Trouble error={error} command="weir bucket ls" retry={reload} /> : <Waiting />
  const open = b.state === 'init' && b.ready === 'open' && at.value === null
  return (
    <article>
      <Crumbs trail={[['Buckets', link('buckets')]]} here={`${bucketTitle(b.name)} ${shortId(b.id)}`} />
      <Answer big={bytes(b.size)} sentence={`in ${bucketTitle(b.name)}`} more={`${fillWords(b)}, ${plural(b.count, 'content')}; ${dueWords(b)}.`}>
        {open && <AddButtons />}
        {open && b.count > 0 && <button type="button" onClick={() => askClose(b)}>Close and pack</button>}
      </Answer>
      <ProblemLine problem={b.problem} />
      <div class="bucket-head">
        <Level bucket={b} age={agePart(b)} />
        <BucketFacts b={b} />
      </div>
      <Table
        list={list}
        columns={contentColumns}
        label={`Contents of ${bucketTitle(b.name)}`}
        href={(c) => link('contents', c.id)}
        empty={<Empty title="Nothing is in it." command={`weir add PATH --bucket ${b.name || 'NAME'}`}>{open && b.name ? 'What you drop on this page goes into this bucket.' : ''}</Empty>}
        command={`weir bucket show ${b.name || b.id}`}
        things={['content', 'contents']}
      />
    </article>
  )
}
