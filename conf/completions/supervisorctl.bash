# bash completion for supervisorctl. Made from the command table; UPDATE_GENERATED=1 dotnet test writes it anew.

_supervisorctl()
{
    local cur words cword i action="" connection=()
    cur=${COMP_WORDS[COMP_CWORD]}
    # A colon is part of a name.
    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref -n : cur words cword
    else
        words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
    fi

    for ((i = 1; i < cword; i++)); do
        case ${words[i]} in
            -c|--configuration|-s|--serverurl|-u|--username|-p|--password|-r|--history_file)
                connection+=("${words[i]}" "${words[i + 1]}")
                ((i++))
                ;;
            -*) ;;
            *) action=${words[i]}; break ;;
        esac
    done

    case ${words[cword - 1]} in
        -c|--configuration|-r|--history_file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
        -s|--serverurl|-u|--username|-p|--password) return ;;
    esac

    local names=""
    case $action in
        "") names="add avail clear exit fg help maintail open pid quit reload remove reread restart shutdown signal start status stop tail update version -c --configuration -h --help -i --interactive -s --serverurl -u --username -p --password -r --history_file" ;;
        clear|fg|pid|restart|signal|start|status|stop|tail) names=$("${words[0]}" "${connection[@]}" status 2>/dev/null | awk '{ print $1; if (split($1, p, ":") > 1) print p[1] ":*" }' | sort -u) ;;
        add|remove|update) names=$("${words[0]}" "${connection[@]}" avail 2>/dev/null | awk '{ split($1, p, ":"); print p[1] }' | sort -u) ;;
        help) names="add avail clear exit fg help maintail open pid quit reload remove reread restart shutdown signal start status stop tail update version" ;;
    esac

    case $action in
        restart) names+=" --timeout" ;;
        start) names+=" --timeout" ;;
        status) names+=" --json --watch" ;;
    esac

    COMPREPLY=($(compgen -W "$names" -- "$cur"))
    declare -F __ltrimcolon_completions >/dev/null && __ltrimcolon_completions "$cur"
}
complete -F _supervisorctl supervisorctl
