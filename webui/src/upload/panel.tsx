// What is being added: a quiet panel in the corner that stays over all pages.
import { computed } from '@preact/signals'
import { link } from '../routes'
import { bytes, plural, rate } from '../words/amounts'
import { duration, now } from '../words/time'
import { again, cancel, clearEnded, jobs, type Job } from './jobs'

const running = computed(() => jobs.value.some((j) => ['waiting', 'sending', 'closing'].includes(j.state)))

function wordsOf(job: Job): string {
  const files = job.files === 1 ? '' : `, ${job.filesDone} of ${plural(job.files, 'file')}`
  switch (job.state) {
    case 'waiting': return `waits, ${bytes(job.bytes)}`
    case 'closing': return 'all bytes are there; the node writes its record'
    case 'done': return `stored, ${bytes(job.bytes)} in ${plural(job.files, 'file')}`
    case 'cancelled': return 'cancelled; nothing of it was kept'
    case 'failed': return job.problem
    default: {
      const seconds = Math.max(0.5, (now.value - job.startedAt) / 1000)
      const speed = job.sent / seconds
      const left = speed > 0 ? ` · ${duration((job.bytes - job.sent) / speed)} left` : ''
      return `${bytes(job.sent)} of ${bytes(job.bytes)}${files} · ${rate(speed)}${left}`
    }
  }
}

function JobRow({ job }: { job: Job }) {
  const part = job.state === 'done' ? 1 : job.bytes > 0 ? job.sent / job.bytes : 0
  return (
    <li class={`job ${job.state}`}>
      <div class="row">
        <span class="name">{job.content ? <a href={link('contents', job.content)}>{job.name}</a> : job.name}</span>
        {(job.state === 'sending' || job.state === 'waiting') && (
          <button type="button" class="text" onClick={() => cancel(job.key)} aria-label={`Cancel ${job.name}`}>
            cancel
          </button>
        )}
        {job.state === 'failed' && job.files > 0 && (
          <button type="button" class="text" onClick={() => again(job.key)} aria-label={`Try ${job.name} again`}>
            try again
          </button>
        )}
      </div>
      <progress max={1} value={part} aria-label={`${job.name}, sent`} />
      <p class="quiet">{wordsOf(job)}</p>
    </li>
  )
}

export function UploadPanel() {
  const all = jobs.value
  if (all.length === 0) return null
  const done = all.filter((j) => j.state === 'done').length
  return (
    <section class="uploads" aria-label="Being added">
      <header class="row">
        <h2>{running.value ? `Adding ${plural(all.length - done, 'content')}` : `${plural(done, 'content')} added`}</h2>
        {!running.value && (
          <button type="button" class="text" onClick={clearEnded}>
            close
          </button>
        )}
      </header>
      <ul>
        {[...all].reverse().slice(0, 50).map((j) => (
          <JobRow key={j.key} job={j} />
        ))}
      </ul>
    </section>
  )
}
