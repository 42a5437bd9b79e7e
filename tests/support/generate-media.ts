// Over 200 lines because the recipes of all test media are in one table.

import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const execFileAsync = promisify(execFile)

const videoInput = (size: string, seconds: number, rate = 25) =>
  `-f lavfi -i testsrc2=s=${size}:r=${rate}:d=${seconds}`
const toneInput = (seconds: number, hertz = 440) => `-f lavfi -i sine=f=${hertz}:r=48000:d=${seconds}`
const noiseInput = (seconds: number) => `-f lavfi -i anoisesrc=color=pink:seed=7:r=48000:d=${seconds}`
/** A click of one sample at the start of each second. */
const clickInput = (seconds: number) =>
  `-f lavfi -i aevalsrc=if(eq(mod(n\\,48000)\\,0)\\,0.9\\,0):s=48000:d=${seconds}`
/** A tone for each speaker: 300, 400, 500 Hz … in the order of ffmpeg. The fourth one is the subwoofer, with 60 Hz. */
const speakerInput = (seconds: number, channels: number) => {
  const tones = Array.from({ length: channels }, (_, n) => `0.1*sin(2*PI*${n === 3 ? 60 : 300 + 100 * n}*t)`)
  return `-f lavfi -i aevalsrc=exprs=${tones.join('|')}:c=${channels - 1}.1:s=48000:d=${seconds}`
}
const X264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p'
const X265 = '-c:v libx265 -preset ultrafast -x265-params log-level=none'
const AAC = '-c:a aac -b:a 64k -ac 2'
const BT2020 = '-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc'

/** ffmpeg arguments of small test files in many formats, separated by spaces. */
const RECIPES = {
  'web-safe-1080.mp4': `${videoInput('1920x1080', 9)} ${toneInput(9)} ${X264} -g 50 ${AAC}`,
  'short-1080.mp4': `${videoInput('1920x1080', 3)} ${toneInput(3)} ${X264} -g 25 ${AAC}`,
  'web-safe.mp4': `${videoInput('640x360', 9)} ${toneInput(9)} ${X264} -g 25 -bf 2 ${AAC}`,
  'web-safe.ts': `${videoInput('640x480', 9)} ${toneInput(9)} ${X264} -g 25 -bf 2 ${AAC}`,
  // Sound that never repeats, and the same sound with other pictures.
  'surf.mkv': `${videoInput('640x360', 8)} ${noiseInput(8)} -c:v mpeg4 -q:v 3 -c:a flac`,
  'other-pictures.mkv': `${videoInput('640x360', 8)} ${noiseInput(8)} -vf negate -c:v mpeg4 -q:v 3 -c:a flac`,
  'hevc.mkv': `${videoInput('640x480', 9)} ${toneInput(9)} ${X265} -c:a flac`,
  'vp9.webm': `${videoInput('426x240', 5)} ${toneInput(5)} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus`,
  'portrait.mp4': `${videoInput('360x640', 3)} ${X264}`,
  'odd.mkv': '-f lavfi -i testsrc=s=641x361:r=25:d=3 -c:v ffv1',
  'anamorphic.mp4': `${videoInput('360x288', 3)} -vf setsar=16/11 ${X264}`,
  'slit.mp4': `${videoInput('16x720', 1)} ${X264}`,
  'huge.mp4': `-f lavfi -i color=teal:s=8192x4320:r=25:d=2.4 -vf drawbox=w=iw/2:h=ih:color=white:t=fill ${X264} -tune fastdecode`,
  'interlaced.mp4': `${videoInput('640x480', 3, 50)} -vf interlace -flags +ildct+ilme -x264opts tff=1 ${X264}`,
  'hdr.mkv': `${videoInput('640x360', 2)} -vf format=yuv420p10le ${X265}:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc ${BT2020}`,
  // Like a screen recording: still for a while, then moving.
  'variable-rate.mkv': `${videoInput('640x360', 20, 30)} -vf select=lt(t\\,3)+gt(t\\,9.5)*lt(t\\,12)+gt(t\\,18) -vsync vfr ${X264} -bf 2 -g 900`,
  // Each frame shows its number: ten columns, one for each bit. A click each second.
  'counter.mkv': `-f lavfi -i color=black:s=320x180:r=30000/1001:d=14,format=gray,geq=lum=255*mod(floor(N/pow(2\\,floor(X/32)))\\,2) ${clickInput(14)} -pix_fmt yuv420p -c:v mpeg4 -g 100 -q:v 2 -c:a pcm_s16le`,
  // A few seconds at a high bit rate.
  'noise.mp4': `${videoInput('320x240', 4)} -vf noise=alls=100:allf=t ${X264} -crf 3 -g 25`,
  // One frame per second, like a slide show or time lapse.
  'slides.mp4': `${videoInput('320x240', 10, 1)} ${toneInput(10)} ${X264} -g 4 ${AAC}`,
  'silent.mp4': `${videoInput('640x480', 3)} ${X264}`,
  'two-languages.mkv': `${videoInput('320x240', 5)} ${toneInput(5)} ${toneInput(5, 880)} -map 0 -map 1 -map 2 ${X264} ${AAC} -metadata:s:a:0 language=eng -metadata:s:a:1 language=ger -metadata:s:a:1 title=Kommentar -disposition:a:0 0 -disposition:a:1 default`,
  'song.mp3': `${toneInput(6)} -c:a libmp3lame`,
  'song.m4a': `${toneInput(6)} ${AAC}`,
  'surround.mkv': `${videoInput('320x240', 3)} ${toneInput(3)} ${X264} -c:a ac3 -ac 6`,
  'speakers.mp4': `${videoInput('320x240', 6)} ${speakerInput(6, 6)} ${X264} -g 25 -bf 0 -c:a aac -b:a 384k`,
  // Starts at 2 s, with the other layout that is called 5.1.
  'speakers-late.mkv': `${videoInput('320x240', 6)} -itsoffset 2 ${speakerInput(4, 6)} -map 0 -map 1 ${X264} -g 25 -bf 0 -af channelmap=channel_layout=5.1(side) -c:a flac`,
  'speakers-7.1.mkv': `${videoInput('320x240', 6)} ${speakerInput(6, 8)} ${X264} -g 25 -bf 0 -c:a libopus -mapping_family 1`,
  'steady.mp4': `${videoInput('320x240', 16)} ${toneInput(16)} -vf noise=alls=20:allf=t ${X264} -b:v 1M -maxrate 1M -bufsize 400k -g 50 -bf 2 ${AAC}`,
  'sparse-keyframes.mp4': `${videoInput('640x360', 20)} ${X264} -g 9999`,
  // A white frame and a beep every second.
  'clapper.mkv': `-f lavfi -i color=black:s=640x480:r=25:d=9,drawbox=w=iw:h=ih:color=white:t=fill:enable=lt(mod(t\\,1)\\,0.039) -f lavfi -i aevalsrc=if(lt(mod(t\\,1)\\,0.04)\\,0.8*sin(2*PI*1000*t)\\,0):s=48000:d=9 ${X264} -g 25 -bf 2 -c:a pcm_s16le`,
  // Black for three seconds, then brightens linearly from 55 at 3 s to 235 at 12 s.
  'brightening.mp4': `-f lavfi -i color=black:s=320x180:r=25:d=12,geq=lum=if(lt(T\\,3)\\,16\\,55+20*(T-3)+8*lt(X\\,160)):cb=128:cr=128 ${X264} -g 25`,
}

/** Files of kinds that other systems failed on, by reports of their users. */
const CASES = {
  // Clocks that do not start at 0; the first states no duration either.
  'late-clock.webm': `${videoInput('320x240', 5)} ${toneInput(5)} -c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus -output_ts_offset 3600 -live 1`,
  'late-clock.mkv': `${videoInput('320x240', 9)} ${toneInput(9)} ${X264} -g 25 ${AAC} -output_ts_offset 100`,
  'sound-late.mp4': `${videoInput('640x360', 12)} -itsoffset 5 ${toneInput(7)} -map 0 -map 1 ${X264} -g 25 -bf 0 ${AAC}`,
  // The picture starts with a flash at 3 s; a beep each second.
  'picture-late.mp4': `-f lavfi -i color=black:s=640x480:r=25:d=9,drawbox=w=iw:h=ih:color=white:t=fill:enable=lt(mod(t\\,1)\\,0.039) -f lavfi -i aevalsrc=if(lt(mod(t\\,1)\\,0.04)\\,0.8*sin(2*PI*1000*t)\\,0):s=48000:d=12 -filter_complex [0]setpts=PTS+3/TB[v] -map [v] -map 1 ${X264} -g 25 -bf 0 ${AAC} -vsync passthrough`,
  'sound-short.mp4': `${videoInput('640x360', 40)} ${toneInput(5)} ${X264} -g 50 -bf 0 ${AAC}`,
  // Quiet pictures: at its highest bitrate, x264 does not always create the same bytes.
  'sound-ends.mkv': `-f lavfi -i testsrc=s=320x240:r=25:d=14 ${toneInput(10)} -c:v mpeg4 -q:v 4 -g 25 ${AAC}`,
  'lossless-sound-ends.mkv': `-f lavfi -i testsrc=s=320x240:r=25:d=14 ${toneInput(10)} -c:v mpeg4 -q:v 4 -g 25 -c:a flac`,
  'picture-short.mp4': `${videoInput('640x360', 5)} ${toneInput(40)} ${X264} -g 50 -bf 0 ${AAC}`,
  // The first thirty seconds do not show that it is unfit for copying.
  'still-later.mp4': `${videoInput('640x360', 60)} -vf select=lt(t\\,32)+gt(t\\,50) -vsync vfr ${X264} -g 50 -bf 0`,
  'keys-only-early.mp4': `${videoInput('640x360', 60)} ${X264} -force_key_frames expr:if(lt(t,32),gte(t,n_forced*2),0) -g 99999 -sc_threshold 0`,
  'pq.mp4': `${videoInput('320x180', 1)} -vf format=yuv420p10le ${X265}:transfer=smpte2084:colorprim=bt2020:colormatrix=bt2020nc ${BT2020}`,
  'pq-bare.mp4': `${videoInput('320x180', 1)} -vf format=yuv420p10le ${X265}:transfer=smpte2084 -color_trc smpte2084`,
  'hlg.mp4': `${videoInput('320x180', 1)} -vf format=yuv420p10le ${X265}:transfer=arib-std-b67:colorprim=bt2020:colormatrix=bt2020nc -color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc`,
  'hlg-no-matrix.mp4': `${videoInput('320x180', 1)} -vf format=yuv420p10le ${X265}:transfer=arib-std-b67:colorprim=bt2020 -color_primaries bt2020 -color_trc arib-std-b67`,
  // A color space that zimg cannot convert.
  'pq-odd-matrix.mp4': `${videoInput('320x180', 1)} -vf format=yuv420p10le ${X265}:transfer=smpte2084:colorprim=bt2020:colormatrix=smpte2085 -color_trc smpte2084`,
  'ten-channels.mov': `${videoInput('320x180', 2)} -f lavfi -i aevalsrc=exprs=0.3*sin(440*2*PI*t)|0|0|0|0|0|0|0|0|0.3*sin(440*2*PI*t):s=48000:d=2 ${X264} -c:a pcm_s16le`,
  // Red on the right; the transparent left hides red too.
  'alpha.mov': `-f lavfi -i color=red:s=320x240:d=1,format=rgba,geq=r=255:g=0:b=0:a=if(lt(X\\,160)\\,0\\,255) -c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le`,
  'alpha.webm': `-f lavfi -i color=red:s=320x240:d=1,format=rgba,geq=r=255:g=0:b=0:a=if(lt(X\\,160)\\,0\\,255) -c:v libvpx-vp9 -pix_fmt yuva420p -deadline realtime -cpu-used 8`,
  'ten-tracks.mkv': `${videoInput('320x240', 2)} ${toneInput(2)} -map 0 ${'-map 1 '.repeat(10)}${X264} ${AAC}`,
  'rf64.wav': `${toneInput(2)} -c:a pcm_s16le -rf64 always`,
  'sound.w64': `${toneInput(2)} -c:a pcm_s16le`,
  'sound.au': `${toneInput(2)} -c:a pcm_s16be`,
  'sound.caf': `${toneInput(2)} -c:a pcm_s16be`,
  'sound.wv': `${toneInput(2)} -c:a wavpack`,
  'sound.ac3': `${toneInput(2)} -c:a ac3`,
  'tape.dv': `${videoInput('720x576', 1)} -c:v dvvideo -pix_fmt yuv420p`,
  'moving.gif': `${videoInput('320x240', 2, 10)}`,
  // The last picture is shown for as long as the others.
  'slides.gif': `${videoInput('320x240', 3, 1)}`,
  'flash.flv': `${videoInput('320x240', 2)} ${toneInput(2)} -c:v flv -c:a adpcm_swf -ar 22050`,
  'bare.h264': `${videoInput('320x240', 2)} ${X264} -f h264`,
  'bare.m2v': `${videoInput('320x240', 2)} -c:v mpeg2video -f mpeg2video`,
}

/** Files derived from other files. */
const DERIVED = {
  'joined.ts': async (to: string) => {
    const part = await readFile(await generateMedia('web-safe.ts'))
    await writeFile(to, Buffer.concat([part, part]))
  },
  // The second sound track is in a codec that ffmpeg does not know, and has no sample rate, so ffmpeg cannot list its packets.
  'unknown-track.mkv': async (to: string) => {
    const bytes = await readFile(await generateMedia('ten-tracks.mkv'))
    const at = bytes.indexOf('A_AAC', bytes.indexOf('A_AAC') + 1)
    bytes.write('A_XYZ', at)
    bytes.writeDoubleBE(0, bytes.indexOf(Buffer.from('b588', 'hex'), at) + 2)
    await writeFile(to, bytes)
  },
  // Begins with frames that refer to others before the cut. The tables of the stream are kept.
  'cut-in-gop.ts': async (to: string) => {
    const bytes = await readFile(await generateMedia('web-safe.ts'))
    const cut = 188 * Math.floor((bytes.length / 188) * 0.07)
    await writeFile(to, Buffer.concat([bytes.subarray(0, 3 * 188), bytes.subarray(cut)]))
  },
  'starts-inside-a-packet.ts': async (to: string) =>
    writeFile(to, (await readFile(await generateMedia('web-safe.ts'))).subarray(100)),
  'mono-then-stereo.ts': async (to: string) => {
    const parts = [1, 2].map((channels) => `${to}.${channels}.ts`)
    for (const [n, part] of parts.entries()) {
      const recipe = `${videoInput('320x240', 5)} ${toneInput(5)} ${X264} -g 25 -c:a aac -ac ${n + 1} -output_ts_offset ${5 * n}`
      await ffmpeg([...recipe.split(' '), part])
    }
    await writeFile(to, Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))))
  },
  // A recorder pauses for three seconds.
  'paused.ts': async (to: string) => {
    const parts = [0, 8].map((offset) => ({ offset, file: `${to}.${offset}.ts` }))
    for (const { offset, file } of parts) {
      const recipe = `${videoInput('320x240', 5)} ${toneInput(5)} ${X264} -g 25 ${AAC} -output_ts_offset ${offset}`
      await ffmpeg([...recipe.split(' '), file])
    }
    await writeFile(to, Buffer.concat(await Promise.all(parts.map(({ file }) => readFile(file)))))
  },
  'zeroed.mp4': async (to: string) => copyZeroed(await generateMedia('steady.mp4'), to, [0.4, 0.5]),
  'zeroed.mkv': async (to: string) =>
    copyZeroed(await remux('steady.mp4', `${to}.whole.mkv`), to, [0.4, 0.5]),
  'zeroed.ts': async (to: string) => copyZeroed(await remux('steady.mp4', `${to}.whole.ts`), to, [0.4, 0.5]),
  'zeroed-twice.ts': async (to: string) =>
    copyZeroed(await remux('steady.mp4', `${to}.whole.ts`), to, [0.2, 0.3], [0.6, 0.7]),
  'size-change.ts': async (to: string) => {
    const parts = ['640x480', '320x240'].map((size, n) => ({ size, offset: 5 * n, file: `${to}.${n}.ts` }))
    for (const { size, offset, file } of parts) {
      const recipe = `${videoInput(size, 5)} ${toneInput(5)} ${X264} -g 25 ${AAC} -output_ts_offset ${offset}`
      await ffmpeg([...recipe.split(' '), file])
    }
    await writeFile(to, Buffer.concat(await Promise.all(parts.map(({ file }) => readFile(file)))))
  },
  // Joined without a change of size, so that nothing but the sequence parameters shows it.
  'profile-change.mp4': async (to: string) => {
    const parts = ['high', 'baseline'].map((profile) => ({ profile, file: `${to}.${profile}.h264` }))
    for (const { profile, file } of parts)
      await ffmpeg([
        ...`${videoInput('320x240', 6)} ${X264} -preset veryfast -profile:v ${profile} -bf 0 -g 25`.split(
          ' ',
        ),
        file,
      ])
    const joined = `${to}.h264`
    await writeFile(joined, Buffer.concat(await Promise.all(parts.map(({ file }) => readFile(file)))))
    await ffmpeg(['-r', '25', '-i', joined, '-c', 'copy', to])
  },
  // Two tracks with sound and one in which every packet is noise.
  'broken-track.mkv': async (to: string) => {
    const recipe = `${videoInput('320x240', 3)} ${toneInput(3)} -map 0 -map 1 -map 1 -map 1 ${X264} -c:a ac3 -c:a:2 flac -bsf:a:1 noise=amount=1`
    await ffmpeg([...recipe.split(' '), to])
  },
  // As some recorders and editors leave them.
  'padded.mp3': async (to: string) => {
    const bytes = await readFile(await generateMedia('song.mp3'))
    await writeFile(
      to,
      Buffer.concat([Buffer.alloc(2_000), bytes.subarray(bytes.indexOf(Buffer.from('fffb', 'hex')))]),
    )
  },
  'mirrored.mp4': async (to: string) => {
    const bytes = await readFile(await generateMedia('silent.mp4'))
    const matrix = bytes.indexOf('tkhd') + 4 + 40
    bytes.writeInt32BE(-65_536, matrix)
    await writeFile(to, bytes)
  },
  'rotated.mp4': async (to: string) =>
    ffmpeg([
      '-i',
      await generateMedia('web-safe.mp4'),
      ...'-c copy -t 3 -metadata:s:v:0 rotate=90'.split(' '),
      to,
    ]),
  // Trimmed without re-encoding: frames before the cut remain in the file, but an edit list hides them.
  'trimmed.mp4': async (to: string) =>
    ffmpeg(['-ss', '1.3', '-i', await generateMedia('web-safe.mp4'), ...'-c copy'.split(' '), to]),
  'cover.mp3': async (to: string) => {
    const cover =
      '-f lavfi -i color=red:s=64x64:d=0.04 -map 0 -map 1 -c:a copy -c:v mjpeg -disposition:v attached_pic'
    await ffmpeg(['-i', await generateMedia('song.mp3'), ...cover.split(' '), to])
  },
  // Without a duration, like MediaRecorder output.
  'recorded.webm': async (to: string) =>
    ffmpeg(['-i', await generateMedia('vp9.webm'), ...'-c copy -live 1 -f webm'.split(' '), to]),
  'no-index.mp4': async (to: string) => copyTruncated(await generateMedia('web-safe.mp4'), to),
  'cut-off.mp4': async (to: string) => {
    const complete = `${to}.whole.mp4`
    await ffmpeg([
      '-i',
      await generateMedia('web-safe.mp4'),
      ...'-c copy -movflags +faststart'.split(' '),
      complete,
    ])
    await copyTruncated(complete, to)
  },
  // The header marks the video as encrypted.
  'protected.mp4': async (to: string) => {
    const bytes = await readFile(await generateMedia('silent.mp4'))
    bytes.write('encv', bytes.indexOf('avc1', bytes.indexOf('stsd')), 'latin1')
    await writeFile(to, bytes)
  },
  // A valid container in which every frame is noise.
  'garbled.mkv': async (to: string) =>
    ffmpeg(['-i', await generateMedia('hevc.mkv'), ...'-an -c copy -bsf:v noise=amount=1'.split(' '), to]),
  'letter.mp4': async (to: string) => writeFile(to, 'Dear Ada,\nthis is no video at all.\n'.repeat(100)),
  'empty.mp4': async (to: string) => writeFile(to, ''),
  'needle.mp4': async (to: string) => copyWithPixelAspect(1, 30_000, to),
  'ribbon.mp4': async (to: string) => copyWithPixelAspect(30_000, 1, to),
  // Declares a duration of 190 years.
  'overstated.mkv': async (to: string) => {
    const bytes = await readFile(await generateMedia('surround.mkv'))
    bytes.writeDoubleBE(6e12, bytes.indexOf(Buffer.from('448988', 'hex')) + 3)
    await writeFile(to, bytes)
  },
  // One frame every two hours.
  'endless.mkv': async (to: string) =>
    ffmpeg(['-i', await generateMedia('odd.mkv'), ...'-c copy -bsf:v setts=ts=TS*200000'.split(' '), to]),
  // Each character of the title is six characters in JSON.
  'talkative.mkv': async (to: string) => {
    await writeFile(`${to}.txt`, `;FFMETADATA1\ntitle=${'\u0001'.repeat(12e6)}\n`)
    const more = '-map 0 -map_metadata 1 -c copy'.split(' ')
    await ffmpeg(['-i', await generateMedia('song.mp3'), '-f', 'ffmetadata', '-i', `${to}.txt`, ...more, to])
  },
  // Long enough that its transcode can be interrupted.
  'long-1080.mp4': async (to: string) =>
    ffmpeg([
      ...'-stream_loop 10 -i'.split(' '),
      await generateMedia('web-safe-1080.mp4'),
      ...'-c copy'.split(' '),
      to,
    ]),
  // Truncating a title at 100 UTF-16 units would split a surrogate pair.
  'emoji-titles.mkv': async (to: string) => {
    await writeFile(`${to}.srt`, '1\n00:00:00,000 --> 00:00:02,000\nHello\n')
    const title = `title=a\u0001${'🎬'.repeat(60)}`
    const more = ['-map', '0:a', '-map', '1', '-metadata:s:0', title, '-metadata:s:1', title]
    await ffmpeg(['-i', await generateMedia('song.mp3'), '-i', `${to}.srt`, ...more, to])
  },
  'subtitles-only.mkv': async (to: string) => {
    await writeFile(`${to}.srt`, '1\n00:00:00,000 --> 00:00:02,000\nHello\n')
    await ffmpeg(['-i', `${to}.srt`, to])
  },
}

const GENERATED = { ...RECIPES, ...CASES }

export type MediaName = keyof typeof GENERATED | keyof typeof DERIVED

/** Returns the path of a file, which is generated once per computer until this module changes. */
export async function generateMedia(name: MediaName): Promise<string> {
  const dir = await mediaDir()
  const to = path.join(dir, name)
  if (await stat(to).catch(() => null)) return to
  // Renamed when complete, because other tests may generate the same file concurrently.
  const draft = path.join(dir, `${randomUUID()}${path.extname(name)}`)
  await (name in DERIVED
    ? DERIVED[name as keyof typeof DERIVED](draft)
    : ffmpeg([...GENERATED[name as keyof typeof GENERATED].split(' '), draft]))
  await rename(draft, to)
  return to
}

async function mediaDir() {
  const recipes = createHash('sha256')
    .update(await readFile(import.meta.filename))
    .digest('hex')
  const dir = path.join(tmpdir(), `meanwhile-media-${recipes.slice(0, 12)}`)
  await mkdir(dir, { recursive: true })
  return dir
}

const ffmpeg = (args: string[]) =>
  execFileAsync('ffmpeg', ['-hide_banner', '-v', 'error', '-nostdin', '-y', ...args])

/** Copies a file with a different pixel aspect ratio in its header. */
async function copyWithPixelAspect(width: number, height: number, to: string) {
  const bytes = await readFile(await generateMedia('anamorphic.mp4'))
  const at = bytes.indexOf('pasp') + 4
  bytes.writeUInt32BE(height, bytes.writeUInt32BE(width, at))
  await writeFile(to, bytes)
}

async function remux(name: MediaName, to: string) {
  await ffmpeg(['-i', await generateMedia(name), '-c', 'copy', to])
  return to
}

/** Overwrites parts of the file, from one share of its length to another, with zeros. */
async function copyZeroed(from: string, to: string, ...parts: [number, number][]) {
  const bytes = await readFile(from)
  for (const part of parts) {
    const [start, end] = part.map((share) => Math.round(bytes.length * share))
    bytes.fill(0, start, end)
  }
  await writeFile(to, bytes)
}

async function copyTruncated(from: string, to: string) {
  await execFileAsync('cp', [from, to])
  await truncate(to, Math.round((await stat(to)).size * 0.6))
}
