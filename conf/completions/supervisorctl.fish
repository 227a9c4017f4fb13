# fish completion for supervisorctl. Made from the command table; UPDATE_GENERATED=1 dotnet test writes it anew.

function __supervisorctl_options
    set -l words (commandline -opc)
    for i in (seq 2 (count $words))
        if contains -- $words[$i] -c -s -u -p; and set -q words[(math $i + 1)]
            echo $words[$i]
            echo $words[(math $i + 1)]
        end
    end
end

function __supervisorctl_processes
    supervisorctl (__supervisorctl_options) status 2>/dev/null | awk '{ print $1; if (split($1, p, ":") > 1) print p[1] ":*" }' | sort -u
end

function __supervisorctl_groups
    supervisorctl (__supervisorctl_options) avail 2>/dev/null | awk '{ split($1, p, ":"); print p[1] }' | sort -u
end

complete -c supervisorctl -f
complete -c supervisorctl -s c -l configuration -r -F -d 'Configuration file'
complete -c supervisorctl -s h -l help -d 'Print usage message'
complete -c supervisorctl -s i -l interactive -d 'Ask before shutdown and reload'
complete -c supervisorctl -s s -l serverurl -x -d 'URL of the server'
complete -c supervisorctl -s u -l username -x -d 'User name'
complete -c supervisorctl -s p -l password -x -d 'Password'
complete -c supervisorctl -s r -l history_file -r -F -d 'History file'
complete -c supervisorctl -n 'not __fish_seen_subcommand_from add avail clear exit fg help maintail open pid quit reload remove reread restart shutdown signal start status stop tail update version' -a 'add avail clear exit fg help maintail open pid quit reload remove reread restart shutdown signal start status stop tail update version'
complete -c supervisorctl -n '__fish_seen_subcommand_from clear fg pid restart signal start status stop tail' -a '(__supervisorctl_processes)'
complete -c supervisorctl -n '__fish_seen_subcommand_from add remove update' -a '(__supervisorctl_groups)'
complete -c supervisorctl -n '__fish_seen_subcommand_from help' -a 'add avail clear exit fg help maintail open pid quit reload remove reread restart shutdown signal start status stop tail update version'
complete -c supervisorctl -n '__fish_seen_subcommand_from restart' -l timeout -x -d 'Wait until the processes run, through failed attempts too, but no longer than this; status 7 for those that do not.'
complete -c supervisorctl -n '__fish_seen_subcommand_from start' -l timeout -x -d 'Wait until the processes run, through failed attempts too, but no longer than this; status 7 for those that do not.'
complete -c supervisorctl -n '__fish_seen_subcommand_from status' -l json -d 'An array with one object for each process; times are seconds since 1970.'
complete -c supervisorctl -n '__fish_seen_subcommand_from status' -l watch -d 'Show it again every two seconds, or as often as given, until Ctrl-C.'
