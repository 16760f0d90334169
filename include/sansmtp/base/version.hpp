// The version of this library, for those who must branch on it (semantic versioning 2.0.0).
//
// Macros, because the preprocessor is where such branches are taken; nothing else in the
// library is a macro.

#ifndef SANSMTP_BASE_VERSION_HPP
#define SANSMTP_BASE_VERSION_HPP

#define SANSMTP_VERSION_MAJOR 0
#define SANSMTP_VERSION_MINOR 1
#define SANSMTP_VERSION_PATCH 0
#define SANSMTP_VERSION "0.1.0"

#endif
