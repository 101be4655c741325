// The frame around all pages, and which page is shown.
import { locked } from '../api/http'
import { status } from '../live/feed'
import { node } from '../live/node'
import { BucketPage } from '../pages/bucket'
import { BucketsPage } from '../pages/buckets'
import { ContentPage } from '../pages/content'
import { DealPage } from '../pages/deal'
import { DealsPage } from '../pages/deals'
import { EventsPage } from '../pages/events'
import { InstancePage } from '../pages/ffs/instance'
import { InstancesPage } from '../pages/ffs/instances'
import { SchedulersPage } from '../pages/ffs/schedulers'
import { NodeDefaultPage } from '../pages/ffs/settings'
import { FilesPage } from '../pages/files'
import { FolderPage } from '../pages/folder'
import { LoginPage } from '../pages/login'
import { NodePage } from '../pages/node'
import { OverviewPage } from '../pages/overview'
import { PiecePage } from '../pages/piece'
import { PiecesPage } from '../pages/pieces'
import { PinsPage } from '../pages/pins'
import { ProviderPage } from '../pages/provider'
import { ProvidersPage } from '../pages/providers'
import { DialogRoom } from '../parts/dialog'
import { ToastLine } from '../parts/toast'
import { Empty, Trouble, Waiting } from '../parts/trouble'
import { link, route } from '../routes'
import { DropVeil } from '../upload/drop'
import { UploadPanel } from '../upload/panel'
import { Banners, Broken } from './banners'
import { begin, startError } from './begin'
import { Help } from './help'
import { Rail } from './rail'

function Page() {
  const { parts } = route.value
  const [place, id, ...rest] = parts
  switch (place) {
    case undefined: return <OverviewPage />
    case 'files': return id ? <FolderPage key={id} id={id} path={rest} /> : <FilesPage />
    case 'contents': return id ? <ContentPage key={id} id={id} /> : <FilesPage />
    case 'buckets': return id ? <BucketPage key={id} id={id} /> : <BucketsPage />
    case 'pins': return <PinsPage />
    case 'pieces': return id ? <PiecePage key={id} cid={id} /> : <PiecesPage />
    case 'deals': return id ? <DealPage key={id} uuid={id} /> : <DealsPage />
    case 'providers': return id ? <ProviderPage key={id} id={id} /> : <ProvidersPage />
    case 'ffs': return !id ? <InstancesPage /> : id === 'default' ? <NodeDefaultPage /> : id === 'schedulers' ? <SchedulersPage /> : <InstancePage key={id} id={id} tab={rest[0] ?? ''} rest={rest.slice(1)} />
    case 'events': return <EventsPage />
    case 'node': return <NodePage />
    default:
      return (
        <Empty title="There is no such page.">
          The address has a typing error, or comes from another version. <a href={link()}>Go to the overview</a>.
        </Empty>
      )
  }
}

function Body() {
  if (locked.value) return <LoginPage />
  if (!node.value)
    return startError.value ? (
      <Trouble error={startError.value} command="weir node --data DIR" retry={() => void begin()} />
    ) : (
      <Waiting />
    )
  return <Page />
}

export function App() {
  const stale = status.value.state === 'broken' ? 'stale' : ''
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), document.querySelector<HTMLElement>('main')?.focus())}>
        Skip to the page
      </a>
      <Rail />
      <div class="page">
        <Banners />
        <main id="main" tabIndex={-1} class={stale}>
          <Body />
        </main>
        <Broken />
      </div>
      <UploadPanel />
      <DropVeil />
      <DialogRoom />
      <Help />
      <ToastLine />
    </>
  )
}
