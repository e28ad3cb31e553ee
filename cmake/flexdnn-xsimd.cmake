# SPDX-License-Identifier: MIT
# Looks for xsimd 8.1 or newer, in this build and for users of the installed package.
#
# Not find_package(xsimd 8.1): its version file refuses every later major version. Debian's 8.1 target
# links `xtl` without looking for it, which ends in `ld: cannot find -lxtl`: look first, else stand in.
if(NOT TARGET xtl)
  find_package(xtl QUIET)
endif()
if(NOT TARGET xtl)
  add_library(xtl INTERFACE IMPORTED)
endif()
if(NOT TARGET xsimd)
  find_package(xsimd QUIET)
  if(xsimd_FOUND AND xsimd_VERSION VERSION_LESS 8.1)
    message(FATAL_ERROR "FlexDNN needs xsimd 8.1 or newer, found ${xsimd_VERSION} in ${xsimd_DIR}. "
                        "Hide it with -DCMAKE_DISABLE_FIND_PACKAGE_xsimd=ON to use the scalar kernels.")
  endif()
endif()
