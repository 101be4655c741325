// What an operator of instances looks after: webhooks, schedulers, ends of
// tokens, alerts. In a real Chromium over the mock of the API.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { config } from './mock/ffs.mjs'
import * as make from './mock/names.mjs'
import * as scenes from './scenes.mjs'
import { choose, goTo, mock, onStage, page, press, says, show, text, tidy, until } from './stage.mjs'

onStage()

test('a webhook is made with its secret shown once; what is refused is said at its field', async () => {
  const world = await show(scenes.tenant(), '/')
  await goTo(`/ffs/${world.of.id}/webhooks`)
  assert.match(await text('.empty'), /No webhook yet[\s\S]*weir ffs webhook add/)
  await press('New webhook')
  await page.locator('dialog input[type=url]').fill('ftp://example.org/')
  await page.locator('dialog label.check', { hasText: 'some' }).locator('input').check()
  await page.locator('dialog input[type=text]').fill('job.done, jobs')
  await press('Create')
  await says('dialog label:has([type=url]) .no', "A webhook's url is http")
  await page.locator('dialog input[type=url]').fill('https://example.org/hook')
  await press('Create')
  await says('dialog fieldset .no', 'There is no such event of an instance. Value: jobs.')
  assert.match(await text('dialog .command'), /weir ffs webhook add https:\/\/example.org\/hook --event job.done --event jobs/)
  await page.locator('dialog input[type=text]').fill('job.done')
  await press('Create')
  await says('dialog', 'It is not shown again')
  const secret = await text('pre.secret')
  assert.match(secret, /^whsec_/)
  await press('I have it')
  await says('.hooks', 'https://example.org/hook')
  assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML)).includes(secret), 'the secret is still in the page')
})

test('how a webhook stands is told by the stream: fails, is tried again, delivers', async () => {
  const world = await show(scenes.watched(), '/')
  await goTo(`/ffs/${world.of.id}/webhooks`)
  await says('h1', '1 of 3 webhook fails')
  const bad = 'li.failing'
  assert.match(await text(bad), /4 tries in a row[\s\S]*The receiver answered 503\.[\s\S]*What came after it waits/)
  const asked = mock.ffs.asked.length
  world.ffs.deliver(world.hooks.bad, 'The receiver answered 410.')
  await says(bad, '5 tries in a row')
  await says(bad, 'The receiver answered 410.')
  world.ffs.deliver(world.hooks.bad)
  await until(() => !document.querySelector('li.failing'))
  await says('h1', '3 webhooks deliver')
  assert.equal(mock.ffs.asked.length, asked, 'nothing was asked for again')
})

test('a webhook is tested, changed and removed', async () => {
  const world = await show(scenes.watched(), '/')
  await goTo(`/ffs/${world.of.id}/webhooks`)
  const url = 'https://pager.example.net/weir'
  world.ffs.testAnswer = { delivered: false, err: { code: 'forbidden', message: 'The address is not of the public internet.' } }
  await press(`Test ${url}`)
  await says('li.failing .tested', 'The address is not of the public internet.')
  world.ffs.testAnswer = null
  await press(`Test ${url}`)
  await says('li.failing .tested', 'The receiver took it.')
  await choose(`What to do with ${url}`, 'Change where to, or of what…')
  await page.locator('dialog label.check', { hasText: 'everything' }).locator('input').check()
  await press('Change')
  await says('li.failing', 'Is told of everything')
  await choose(`What to do with ${url}`, 'Remove…')
  assert.match(await text('dialog'), /What will be lost[\s\S]*is told of nothing any more[\s\S]*What waits to be delivered/)
  await press('Remove')
  await until(() => document.querySelectorAll('.hooks li').length === 2)
})

test('an instance is moved to another scheduler; who refuses says why', async () => {
  const world = await show(scenes.tenant(), '/ffs/schedulers')
  await says('h1', '2 schedulers')
  assert.match(await text('main table'), /archive[\s\S]*vault[\s\S]*fixed providers: t01000[\s\S]*0\.2 nanoFIL[\s\S]*1 MiB[\s\S]*7 d/)
  const job = world.ffs.push(world.of.id, make.cid(), config())
  await until(() => document.querySelector('main td.right').textContent === '3')
  world.ffs.end(world.of.id, job, 'done')
  await until(() => document.querySelector('main td.right').textContent === '2')
  await goTo(`/ffs/${world.of.id}/settings`)
  await press('Move to another…')
  await says('dialog', 'What runs ends where it began')
  const archive = world.ffs.schedulers.pop()
  await press('Move it')
  await says('dialog .problem', 'There is no such scheduler. Value: archive. Limit: default.')
  world.ffs.schedulers.push(archive)
  await press('Move it')
  await says('section[aria-label=Scheduler]', 'It was moved here from default')
  assert.equal(world.tables['ffs-instances'].get(world.of.id).scheduler, 'archive')
  world.ffs.change(world.of.id, { movedFrom: '' })
  await until(() => !document.querySelector('section[aria-label=Scheduler] .words'))
  await goTo('/ffs?scheduler=archive')
  await until(() => document.querySelector('p.foot')?.textContent === '1 instance')
})

test('whoever has the token of an instance sees the name of its scheduler alone', async () => {
  const world = scenes.tenant()
  world.ffs.tenant = world.of.id
  await show(world, `/ffs/${world.of.id}/settings`)
  await says('section[aria-label=Scheduler]', 'Wired todefault')
  assert.equal(await page.getByRole('button', { name: 'Move to another…' }).count(), 0)
})

test('tokens: their last use, and which of them end soon', async () => {
  const world = await show(scenes.watched(), '/')
  await page.clock.setFixedTime(world.clock)
  await goTo(`/ffs/${world.of.id}/tokens`)
  await says('h1', '3 tokens open this instance')
  await says('.answer .more', '1 token ends within two weeks. 1 token has ended and opens nothing.')
  await says('tbody', '9 d ago')
  const row = (name) => page.locator('tbody tr', { hasText: name }).innerText()
  assert.match(await row('phone'), /9 d ago[\s\S]*soon[\s\S]*in 2 d/)
  assert.match(await row('old-script'), /never[\s\S]*ended/)
  assert.match(await row('uploads-of-the-dome'), /3 h ago/)
})

test('alerts are counted where an operator is, until somebody has seen them', async () => {
  const world = await show(scenes.watched(), '/ffs')
  const badge = () => document.querySelector('.rail a[href="#/ffs"] .badge')?.textContent
  await until(() => document.querySelectorAll('.lookat li.new').length === 3)
  assert.equal(await page.evaluate(badge), '3')
  assert.match(await text('.lookat'), /balance or escrow of f1[\s\S]*observatory[\s\S]*has not moved for a day[\s\S]*observatory[\s\S]*failed/)
  await press('all seen')
  await until(() => !document.querySelector('.rail .badge') && !document.querySelector('.lookat li.new'))
  await page.reload()
  await until(() => document.querySelectorAll('.lookat li').length === 3)
  assert.equal(await page.evaluate(badge), undefined)
  world.ffs.end(world.of.id, world.jobs.running, 'failed', { err: { code: 'timeout', message: 'The hot layer did not answer.', value: '', limit: '' } })
  await says('.lookat li.new', 'The hot layer did not answer.')
  assert.equal(await page.evaluate(badge), '1')
})

test('an instance has the alerts of its deals and addresses too, and nobody else’s', async () => {
  const world = await show(scenes.watched(), '/')
  await goTo(`/ffs/${world.of.id}/alerts`)
  await says('h1', '5 things to look at')
  const other = [...world.tables['ffs-instances'].values()].find((i) => i.id !== world.of.id)
  const job = world.ffs.push(other.id, make.cid(), config())
  world.ffs.end(other.id, job, 'failed', { err: { code: 'timeout', message: 'Not of this one.', value: '', limit: '' } })
  world.ffs.addDeal(world.ffs.entry(world.of.id, world.cids.good), 't01007', 'slashed')
  await says('.alerts', 'deal with t01007 was slashed')
  await says('h1', '6 things to look at')
  assert.doesNotMatch(await text('.alerts'), /Not of this one/)
  await page.locator('.alerts a', { hasText: 'escrow' }).click()
  await says('h1', 'on 2 addresses')
  await goTo('/events?kind=alerts')
  await until(() => document.querySelectorAll('.stream li').length === 7)
})

test('none of it is wider than a narrow screen, and every control has a name', async () => {
  const world = await show(scenes.watched(), '/ffs', { viewport: { width: 360, height: 740 } })
  const base = `/ffs/${world.of.id}`
  await tidy(['/ffs', '/ffs/schedulers', `${base}/webhooks`, `${base}/tokens`, `${base}/alerts`, `${base}/settings`, '/'])
})
