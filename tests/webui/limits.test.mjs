// Limits of instances and what is used of them. In a real Chromium over the
// mock of the API.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { config } from './mock/ffs.mjs'
import * as make from './mock/names.mjs'
import * as scenes from './scenes.mjs'
import { goTo, mock, onStage, page, press, says, show, text, tidy, until } from './stage.mjs'

onStage()

const near = 'section[aria-label="Near a limit"]'
const row = (name) => page.locator('.grid .body .tr', { hasText: name })

test('an operator sees who is near a limit, of what, and what is refused there', async () => {
  await show(scenes.limited(), '/ffs')
  await says(near, '3 instances')
  assert.deepEqual(await page.locator(`${near} li a`).allInnerTexts(), ['observatory', 'radio-telescope', 'glacier-cores'], 'the fullest first')
  assert.match(await text(near), /1 of 1 waiting jobs\s+pushes are refused until a job begins\s+radio-telescope\s+2\.5 FIL of 2\.5 FIL spend\s+no deal is made/)
  assert.match(await row('glacier-cores').innerText(), /9\.5 GiB of 10 GiB bytes/)
  assert.match(await row('census-1890').innerText(), /17 GiB of 1 TiB bytes/)
  assert.match(await row('field-station').innerText(), /no limit/)
  assert.equal(await row('census-1890').locator('.used.near, .used.full').count(), 0)
  assert.match(await row('glacier-cores').locator('.used').getAttribute('title'), /10,200,547,328 bytes of 10,737,418,240 bytes, 95 %/)
  await page.getByRole('link', { name: 'Near a limit' }).click()
  await until(() => document.querySelectorAll('.grid .body .tr').length === 3)
})

test('what is used follows what happens, and no search asks for it', async () => {
  const world = await show(scenes.limited(), '/ffs')
  await says(near, '3 instances')
  const asked = () => mock.ffs.asked.filter((a) => a === 'GET usage').length
  const before = asked()
  await page.locator('[data-search]').fill('census')
  await until(() => document.querySelectorAll('.grid .body .tr').length === 1)
  assert.equal(asked(), before, 'a search does not wait for what is used')
  world.ffs.uses.set(world.calm.id, { bytes: 2 ** 40 })
  world.ffs.push(world.calm.id, make.cid(), config())
  await until(() => document.querySelector('.grid .body .used.full')?.textContent === '1 TiB of 1 TiB bytes')
})

test('a thousand instances: found by name, by limit, and drawn only where they are seen', async () => {
  const world = await show(scenes.thousand(), '/ffs')
  await says('p.foot', '1,000 instances')
  assert.ok((await page.locator('.grid .body .tr').count()) < 80)
  await page.locator('[data-search]').fill('glacier-9')
  await says('p.foot', '12 instances')
  await page.locator('[data-search]').fill('')
  await page.getByLabel('Limits').selectOption('none')
  const none = [...world.tables['ffs-instances'].values()].filter(({ limits: l }) => !l.bytes && !l.jobs && l.spend === '0').length
  await says('p.foot', `${none} instances`)
})

test('limits are set beside what is used of them; what cannot be read is said at its field', async () => {
  const world = await show(scenes.limited(), '/')
  await goTo(`/ffs/${world.of.id}/settings`)
  const form = 'section[aria-label="Name and limits"]'
  await says(form, '91 MiB of 100 MiB')
  assert.match(await text(form), /1 of 1\s+pushes are refused until a job begins[\s\S]*6,480 nanoFIL of 9 FIL/)
  await page.locator('#instance-bytes').fill('a lot')
  await says(`${form} .no`, 'A size is needed, such as 10 GiB or 500 MB; 0 is no limit.')
  assert.ok(await page.getByRole('button', { name: 'Change', exact: true }).isDisabled())
  await page.locator('#instance-bytes').fill('1.5 GiB')
  await page.locator('#instance-jobs').fill('')
  await page.locator('#instance-spend').fill('20 nanoFIL')
  assert.match(await text(`${form} .command`), /weir ffs limit \S+ --bytes 1610612736 --jobs 0 --spend 20nanoFIL/)
  await press('Change')
  await says('.answer .more', 'It may keep 1.5 GiB and spend 20 nanoFIL; more is refused.')
  assert.deepEqual(world.tables['ffs-instances'].get(world.of.id).limits, { bytes: 1.5 * 2 ** 30, jobs: 0, spend: '20000000000' })
  await says(form, '6,480 nanoFIL of 20 nanoFIL')
  assert.match(await text(form), /91 MiB of 1\.5 GiB[\s\S]*1 wait, no limit[\s\S]*no deal is made and nothing sent any more/)
})

test('its pages tell of the limit that is reached, without moving, until it is raised', async () => {
  const world = await show(scenes.limited(), '/')
  await goTo(`/ffs/${world.of.id}`)
  await says('.over-tabs .near', '1 of 1 waiting jobs at its limit')
  world.ffs.change(world.of.id, { limits: { bytes: 0, jobs: 5, spend: '0' } })
  await until(() => !document.querySelector('.over-tabs .near'))
})

test('whoever has the token of an instance sees its limits and may not change them', async () => {
  const world = scenes.limited()
  world.ffs.tenant = world.of.id
  await show(world, `/ffs/${world.of.id}/settings`)
  await says('section[aria-label="Name and limits"]', '91 MiB of 100 MiB')
  await page.locator('#instance-bytes').fill('0')
  await press('Change')
  await says('section[aria-label="Name and limits"] .problem', 'This needs an admin token.')
})

test('none of it is wider than a narrow screen, and every control has a name', async () => {
  const world = await show(scenes.limited(), '/ffs', { viewport: { width: 360, height: 740 } })
  await tidy(['/ffs', '/ffs?limits=near', `/ffs/${world.of.id}`, `/ffs/${world.of.id}/settings`])
})
