# SPDX-License-Identifier: MIT
# Installs the package where WAY is `installed`, then configures, builds and runs tests/consumer/<WAY>,
# and builds the program that runs a network once more as on a machine without Eigen and xsimd.
file(REMOVE_RECURSE ${WORK_DIR})
set(project ${SOURCE_DIR}/tests/consumer/${WAY})
set(options -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER} -DFLEXDNN_ROOT_DIR=${SOURCE_DIR})
if(WAY STREQUAL "installed")
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/prefix
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  list(APPEND options -DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix)
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -S ${project} -B ${WORK_DIR}/build ${options} -DWITH_TRAIN=${WITH_TRAIN} -DWITH_MPI=${WITH_MPI}
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK_DIR}/build COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${WORK_DIR}/build --output-on-failure --no-tests=error
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${project} -B ${WORK_DIR}/bare ${options} -DWITH_TRAIN=OFF
                        -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON -DCMAKE_DISABLE_FIND_PACKAGE_xsimd=ON
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK_DIR}/bare --target uses_flexdnn COMMAND_ERROR_IS_FATAL ANY)
