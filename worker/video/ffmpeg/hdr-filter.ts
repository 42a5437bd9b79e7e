/** Maps high dynamic range to BT.709, which every screen can show. */
export const HDR_TO_SDR_FILTER =
  'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv'
