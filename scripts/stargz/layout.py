"""layout.py: hands images of an OCI image layout to containerd and stores what it made of them in another layout.

  layout.py names LAYOUT                       the images' names
  layout.py digest LAYOUT NAME                 the digest of an image's manifest
  layout.py current ESTARGZ NAME DIGEST        exits 0 if the layout holds what was made of that manifest
  layout.py archive LAYOUT ESTARGZ NAME REF    the layers of an image that ESTARGZ does not hold yet, as an image REF in
                                               a tar for containerd, to standard output; nothing if it holds all
  layout.py add LAYOUT ESTARGZ NAME TAR        stores the image in ESTARGZ, with what containerd made of those layers
  layout.py prune LAYOUT                       drops the blobs that no image refers to

The annotation coldstart.source remembers the digest of what an image and a layer were made of.
"""
import hashlib, io, json, os, sys, tarfile

REF, SOURCE = 'org.opencontainers.image.ref.name', 'coldstart.source'
TOC = 'containerd.io/snapshot/stargz/toc.digest'
MANIFEST, INDEX = 'application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.index.v1+json'
CONFIG = 'application/vnd.oci.image.config.v1+json'

def path(layout, digest): return layout + '/blobs/' + digest.replace(':', '/')

def index(layout):
    try: return json.load(open(layout + '/index.json'))
    except FileNotFoundError: return dict(schemaVersion=2, manifests=[])

def name(descriptor): return descriptor.get('annotations', {}).get(REF)

def find(layout, wanted):
    found = [d for d in index(layout)['manifests'] if name(d) == wanted]
    if not found: sys.exit('no image %s in %s' % (wanted, layout))
    return found[0]

def read(layout, digest): return json.load(open(path(layout, digest)))

def parts(layout, descriptor):
    """the descriptors of an image's blobs, the manifest's first"""
    manifest = read(layout, descriptor['digest'])
    return [descriptor, manifest['config']] + manifest['layers']

def layers(layout, descriptor):
    """an image's layers as pairs of descriptor and diff ID"""
    manifest = read(layout, descriptor['digest'])
    return list(zip(manifest['layers'], read(layout, manifest['config']['digest'])['rootfs']['diff_ids'], strict=True))

def save(file, data):
    with open(file + '.tmp', 'wb') as f: f.write(data)
    os.rename(file + '.tmp', file)

def describe(media_type, data):
    return dict(mediaType=media_type, digest='sha256:' + hashlib.sha256(data).hexdigest(), size=len(data))

def dump(document): return json.dumps(document, sort_keys=True, separators=(',', ':')).encode()

def made(estargz):
    """what the layout's layers were made of, to their descriptor and diff ID"""
    return {layer['annotations'][SOURCE]: (layer, diff_id) for d in index(estargz)['manifests']
            if present(estargz, d) for layer, diff_id in layers(estargz, d) if present(estargz, layer)}

def present(layout, part):
    try: return os.path.getsize(path(layout, part['digest'])) == part['size']
    except FileNotFoundError: return False

def missing(layout, estargz, wanted):
    have = made(estargz)
    return list({layer['digest']: (layer, diff_id) for layer, diff_id in layers(layout, find(layout, wanted))
                 if layer['digest'] not in have}.values())

def archive(layout, estargz, wanted, reference):
    new = missing(layout, estargz, wanted)
    if not new: return
    tar = tarfile.open(fileobj=sys.stdout.buffer, mode='w|')
    def entry(file, data):
        info = tarfile.TarInfo(file); info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    def blob(descriptor, data): entry('blobs/' + descriptor['digest'].replace(':', '/'), data); return descriptor
    entry('oci-layout', dump(dict(imageLayoutVersion='1.0.0')))
    for layer, _ in new: tar.add(path(layout, layer['digest']), 'blobs/' + layer['digest'].replace(':', '/'))
    config = dump(dict(architecture='amd64', os='linux', config={},
                       rootfs=dict(type='layers', diff_ids=[diff_id for _, diff_id in new])))
    manifest = dump(dict(schemaVersion=2, mediaType=MANIFEST, config=blob(describe(CONFIG, config), config),
                         layers=[layer for layer, _ in new]))
    named = dict(blob(describe(MANIFEST, manifest), manifest), annotations={'io.containerd.image.name': reference})
    entry('index.json', dump(dict(schemaVersion=2, manifests=[named])))
    tar.close()

def current(estargz, wanted, source):
    return any(name(d) == wanted and d['annotations'].get(SOURCE) == source and present(estargz, d)
               and all(present(estargz, p) for p in parts(estargz, d)) for d in index(estargz)['manifests'])

def extract(estargz, file):
    """stores the layers of the image in a tar that containerd exported; answers with their descriptors and diff IDs"""
    with tarfile.open(file) as tar:
        def document(member): return json.load(tar.extractfile(member))
        def inside(digest): return 'blobs/' + digest.replace(':', '/')
        descriptor, = document('index.json')['manifests']
        if descriptor['mediaType'] == INDEX: descriptor, = document(inside(descriptor['digest']))['manifests']
        manifest = document(inside(descriptor['digest']))
        for layer in manifest['layers']:
            if TOC not in layer.get('annotations', {}): sys.exit('layer %s is not eStargz' % layer['digest'])
            hashed, target = hashlib.sha256(), path(estargz, layer['digest'])
            with open(target + '.tmp', 'wb') as f, tar.extractfile(inside(layer['digest'])) as blob:
                while piece := blob.read(1 << 20): hashed.update(piece); f.write(piece)
            if 'sha256:' + hashed.hexdigest() != layer['digest']: sys.exit('damaged layer %s' % layer['digest'])
            os.rename(target + '.tmp', target)
        diff_ids = document(inside(manifest['config']['digest']))['rootfs']['diff_ids']
        return list(zip(manifest['layers'], diff_ids, strict=True))

def add(layout, estargz, wanted, file):
    os.makedirs(estargz + '/blobs/sha256', exist_ok=True)
    source, have = find(layout, wanted), made(estargz)
    new = missing(layout, estargz, wanted)
    for (old, _), (layer, diff_id) in zip(new, extract(estargz, file) if new else [], strict=True):
        annotations = dict(layer['annotations']); annotations[SOURCE] = old['digest']
        have[old['digest']] = dict(layer, annotations=annotations), diff_id
    chosen = [have[layer['digest']] for layer, _ in layers(layout, source)]
    manifest = read(layout, source['digest']); config = read(layout, manifest['config']['digest'])
    config['rootfs']['diff_ids'] = [diff_id for _, diff_id in chosen]
    data = dump(config); manifest['config'] = describe(CONFIG, data)
    save(path(estargz, manifest['config']['digest']), data)
    manifest['layers'] = [layer for layer, _ in chosen]
    data = dump(manifest); entry = describe(MANIFEST, data); save(path(estargz, entry['digest']), data)
    entry.update(platform=source.get('platform', dict(architecture='amd64', os='linux')),
                 annotations={REF: wanted, SOURCE: source['digest']})
    document = index(estargz)
    document['manifests'] = sorted([d for d in document['manifests'] if name(d) != wanted] + [entry], key=name)
    save(estargz + '/oci-layout', b'{"imageLayoutVersion":"1.0.0"}\n')
    save(estargz + '/index.json', json.dumps(document, indent=1).encode() + b'\n')
    print('%-15s %2d layers %7.1f MB' % (wanted, len(chosen), sum(layer['size'] for layer, _ in chosen) / 1e6))

def prune(layout):
    used = {p['digest'][7:] for d in index(layout)['manifests'] for p in parts(layout, d)}
    for file in os.listdir(layout + '/blobs/sha256'):
        if file not in used: os.unlink(layout + '/blobs/sha256/' + file)

if __name__ == '__main__':
    command, layout, *rest = sys.argv[1:]
    if command == 'names': print(*sorted(name(d) for d in index(layout)['manifests'] if name(d)), sep='\n')
    elif command == 'digest': print(find(layout, *rest)['digest'])
    elif command == 'archive': archive(layout, *rest)
    elif command == 'current': sys.exit(0 if current(layout, *rest) else 1)
    elif command == 'add': add(layout, *rest)
    elif command == 'prune': prune(layout)
    else: sys.exit(__doc__)
