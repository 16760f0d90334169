// fast_paths: whether a second, faster way to the same result is worth its octets.
//
// It is, but where the compiler optimizes for size (-Os, -Oz): there each thing is done in one way, and what is small
// is inlined when the compiler thinks so. SANSMTP_INLINED stands before what must be elsewhere, for speed.

#ifndef SANSMTP_BASE_FAST_PATHS_HPP
#define SANSMTP_BASE_FAST_PATHS_HPP

#ifdef __OPTIMIZE_SIZE__
#define SANSMTP_INLINED
#define SANSMTP_FAST_PATHS false
#else
#define SANSMTP_INLINED [[gnu::always_inline]]
#define SANSMTP_FAST_PATHS true
#endif

namespace sansmtp {

// Each file's own, as the level of optimization is.
static constexpr bool fast_paths = SANSMTP_FAST_PATHS;

}  // namespace sansmtp

#undef SANSMTP_FAST_PATHS

#endif
