# SPDX-License-Identifier: Apache-2.0
# Stands in for a module system: prints what a module file says, and calls its help.   tclsh modules.tcl MODULEFILE
foreach command {module-whatis conflict setenv prepend-path append-path} {
    proc $command args [format {puts "%s $args"} $command]
}
source [lindex $argv 0]
ModulesHelp
