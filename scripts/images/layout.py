"""layout.py: packs a built layer as a gzip tar with OCI whiteouts, and assembles packed layers to an OCI image layout.

  layout.py pack LAYER-DIRECTORY EPOCH
  layout.py assemble OUT CACHE EPOCH NAME...
"""
import hashlib, json, os, stat, subprocess, sys, tarfile, time

def pack(d, epoch):
    """d/diff (an overlayfs upper dir) -> d/layer.tar.gz and d/meta.json"""
    epoch, up = int(epoch), os.path.dirname(d)
    # times inside the build of this layer or of one below become SOURCE_DATE_EPOCH; those from
    # packages stay (a .pyc remembers the time of its .py)
    lower = [os.path.join(up, l.strip()) for l in open(d + '/lower')]
    spans = [(int(open(l + '/start').read()) - 1, int(open(l + '/end').read()) + 1) for l in lower + [d]]
    out = open(d + '/layer.tmp', 'wb')
    gz = subprocess.Popen(['gzip', '-n', '-6'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    import threading
    dig, n = hashlib.sha256(), [0]
    def drain():
        while True:
            b = gz.stdout.read(1 << 20)
            if not b: break
            dig.update(b); out.write(b); n[0] += len(b)
    t = threading.Thread(target=drain); t.start()
    class Tee:
        h, n = hashlib.sha256(), 0
        def write(self, b): self.h.update(b); self.n += len(b); gz.stdin.write(b); return len(b)
    tee, files = Tee(), 0
    tar = tarfile.open(fileobj=tee, mode='w|', format=tarfile.PAX_FORMAT, bufsize=1 << 20)
    root, seen = d + '/diff', {}
    # overlayfs marks every new directory opaque: a whiteout is only due where a lower layer has one
    def hides(name): return any(os.path.isdir(l + '/diff/' + name) for l in lower)
    def clamp(m): return epoch if any(a <= m <= b for a, b in spans) else int(m)
    def add(path, name):
        nonlocal files
        st = os.lstat(path)
        if stat.S_ISSOCK(st.st_mode): return
        if stat.S_ISCHR(st.st_mode) and st.st_rdev == 0:           # overlay whiteout
            ti = tarfile.TarInfo(os.path.join(os.path.dirname(name), '.wh.' + os.path.basename(name)))
            ti.mtime = epoch; tar.addfile(ti); files += 1; return
        ti = tarfile.TarInfo(name + ('/' if stat.S_ISDIR(st.st_mode) else ''))
        ti.mode, ti.uid, ti.gid, ti.mtime = stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid, clamp(st.st_mtime)
        for x in sorted(os.listxattr(path, follow_symlinks=False)):
            if x.startswith('security.capability') or x.startswith('user.'):
                v = os.getxattr(path, x, follow_symlinks=False)
                ti.pax_headers['SCHILY.xattr.' + x] = v.decode('utf-8', 'surrogateescape')
        if stat.S_ISDIR(st.st_mode):
            ti.type = tarfile.DIRTYPE; tar.addfile(ti)
            if 'trusted.overlay.opaque' in os.listxattr(path) and hides(name):
                w = tarfile.TarInfo(name + '/.wh..wh..opq'); w.mtime = epoch; tar.addfile(w)
            for e in sorted(os.listdir(path)): add(path + '/' + e, name + '/' + e)
        elif stat.S_ISLNK(st.st_mode):
            ti.type, ti.linkname = tarfile.SYMTYPE, os.readlink(path); tar.addfile(ti)
        elif stat.S_ISREG(st.st_mode):
            if st.st_nlink > 1:
                if st.st_ino in seen:
                    ti.type, ti.linkname = tarfile.LNKTYPE, seen[st.st_ino]; tar.addfile(ti); files += 1; return
                seen[st.st_ino] = name
            ti.size = st.st_size
            with open(path, 'rb') as f: tar.addfile(ti, f)
        else:
            ti.type = tarfile.FIFOTYPE if stat.S_ISFIFO(st.st_mode) else (
                tarfile.CHRTYPE if stat.S_ISCHR(st.st_mode) else tarfile.BLKTYPE)
            ti.devmajor, ti.devminor = os.major(st.st_rdev), os.minor(st.st_rdev); tar.addfile(ti)
        files += 1
    for e in sorted(os.listdir(root)): add(root + '/' + e, e)
    tar.close(); gz.stdin.close(); t.join()
    if gz.wait(): sys.exit('gzip failed')
    out.close(); os.rename(d + '/layer.tmp', d + '/layer.tar.gz')
    m = dict(diff_id='sha256:' + tee.h.hexdigest(), digest='sha256:' + dig.hexdigest(),
             size=n[0], usize=tee.n, files=files)
    json.dump(m, open(d + '/meta.tmp', 'w')); os.rename(d + '/meta.tmp', d + '/meta.json')

def blob(oci, data):
    h = hashlib.sha256(data).hexdigest(); p = oci + '/blobs/sha256/' + h
    if not os.path.exists(p):
        open(p + '.tmp', 'wb').write(data); os.rename(p + '.tmp', p)
    return dict(digest='sha256:' + h, size=len(data))

def assemble(out, cache, epoch, names):
    oci = out + '/oci'; os.makedirs(oci + '/blobs/sha256', exist_ok=True)
    iso = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(int(epoch)))
    dump = lambda o: json.dumps(o, sort_keys=True, separators=(',', ':')).encode()
    try: index = json.load(open(oci + '/index.json'))
    except OSError: index = dict(schemaVersion=2, manifests=[])
    try: side = json.load(open(out + '/coldstart.json'))
    except OSError: side = {}
    for name in names:
        c, hist, layers, diffs, rows, ready, args = {}, [], [], [], [], None, None
        nop = lambda s: hist.append(dict(created=iso, created_by='/bin/sh -c #(nop)  ' + s, empty_layer=True))
        cat = ''
        for line in open(cache + '/specs/' + name):
            k, _, v = line.rstrip('\n').partition('\t')
            if k == 'LAYER':
                lid, _, by = v.partition('\t'); d = cache + '/layers/' + lid
                m = json.load(open(d + '/meta.json'))
                p = oci + '/blobs/sha256/' + m['digest'][7:]
                if not os.path.exists(p):
                    try: os.link(d + '/layer.tar.gz', p)
                    except OSError: subprocess.check_call(['cp', d + '/layer.tar.gz', p])
                layers.append(dict(mediaType='application/vnd.oci.image.layer.v1.tar+gzip',
                                   digest=m['digest'], size=m['size']))
                diffs.append(m['diff_id']); rows.append((m['size'], m['usize'], m['files']))
                hist.append(dict(created=iso, created_by=by))
            elif k == 'ENV':
                e = c.setdefault('Env', []); e[:] = [x for x in e if x.split('=')[0] != v.split('=')[0]] + [v]
                nop('ENV ' + v)
            elif k == 'ENTRYPOINT': c['Entrypoint'] = json.loads(v); c.pop('Cmd', None); nop('ENTRYPOINT ' + v)
            elif k == 'CMD':
                c['Cmd'] = json.loads(v) or None; nop('CMD ' + v)
                if not c['Cmd']: del c['Cmd']; hist.pop()
            elif k == 'WORKDIR': c['WorkingDir'] = v; nop('WORKDIR ' + v)
            elif k == 'USER': c['User'] = v; nop('USER ' + v)
            elif k == 'STOPSIGNAL': c['StopSignal'] = v; nop('STOPSIGNAL ' + v)
            elif k == 'EXPOSE': c.setdefault('ExposedPorts', {})[v] = {}; nop('EXPOSE ' + v)
            elif k == 'VOLUME': c.setdefault('Volumes', {})[v] = {}; nop('VOLUME [%s]' % v)
            elif k == 'LABEL': a, _, b = v.partition('='); c.setdefault('Labels', {})[a] = b; nop('LABEL ' + v)
            elif k == 'CATEGORY': cat = v
            elif k == 'READY': t, _, x = v.partition(' '); ready = dict(type=t, value=int(x) if t == 'tcp' else x)
            elif k == 'ARGS': args = json.loads(v)
        cfg = dict(created=iso, architecture='amd64', os='linux', config=c, history=hist,
                   rootfs=dict(type='layers', diff_ids=diffs))
        cb = blob(oci, dump(cfg)); cb['mediaType'] = 'application/vnd.oci.image.config.v1+json'
        run = (c.get('Entrypoint') or []) + (args if args is not None else c.get('Cmd') or [])
        s = dict(category=cat, args=run, ready=ready)
        ann = {'coldstart.category': cat, 'coldstart.args': json.dumps(run), 'coldstart.ready': json.dumps(ready)}
        mb = blob(oci, dump(dict(schemaVersion=2, mediaType='application/vnd.oci.image.manifest.v1+json',
                                 config=cb, layers=layers, annotations=ann)))
        index['manifests'] = [x for x in index['manifests']
            if x['annotations']['org.opencontainers.image.ref.name'] != name] + [dict(
            mb, mediaType='application/vnd.oci.image.manifest.v1+json',
            platform=dict(architecture='amd64', os='linux'),
            annotations={'org.opencontainers.image.ref.name': name})]
        s.update(manifest=mb['digest'], layers=[dict(size=a, usize=b, files=f) for a, b, f in rows],
                 size=sum(r[0] for r in rows), usize=sum(r[1] for r in rows))
        side[name] = s
        print('%-15s %-14s %2d layers %7.1f MB gz %7.1f MB tar' % (
            name, cat, len(rows), s['size'] / 1e6, s['usize'] / 1e6))
    index['manifests'].sort(key=lambda x: x['annotations']['org.opencontainers.image.ref.name'])
    def save(p, o): open(p + '.tmp', 'w').write(json.dumps(o, indent=1) + '\n'); os.rename(p + '.tmp', p)
    # drop the blobs that no image refers to any more
    used = set()
    for x in index['manifests']:
        m = json.load(open(oci + '/blobs/sha256/' + x['digest'][7:]))
        used |= {x['digest'][7:], m['config']['digest'][7:]} | {l['digest'][7:] for l in m['layers']}
    for f in os.listdir(oci + '/blobs/sha256'):
        if f not in used: os.unlink(oci + '/blobs/sha256/' + f)
    save(oci + '/oci-layout', {'imageLayoutVersion': '1.0.0'})
    save(oci + '/index.json', index); save(out + '/coldstart.json', side)

if sys.argv[1] == 'pack': pack(*sys.argv[2:])
else: assemble(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
