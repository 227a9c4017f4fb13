using Supervisor.Ctl.Commands;
using Supervisor.Ctl.Shell;

namespace Supervisor.Ctl.Tests.Generated;

/// <summary>Completion scripts for the shells. They ask supervisorctl itself for names, with the options typed so far.</summary>
internal static class Completions
{
    private const string Header = "Made from the command table; UPDATE_GENERATED=1 dotnet test writes it anew.";

    private static readonly string s_options = "-c --configuration -h --help -i --interactive -s --serverurl -u --username -p --password -r --history_file";

    private static string Names => string.Join(' ', CommandTable.Names.Order(StringComparer.Ordinal));

    public static string Bash() => $$"""
        # bash completion for supervisorctl. {{Header}}

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
                "") names="{{Names}} {{s_options}}" ;;
        {{Cases(Argument.Process, "        ", ") names=$(\"${words[0]}\" \"${connection[@]}\" status 2>/dev/null | awk '{ print $1; if (split($1, p, \":\") > 1) print p[1] \":*\" }' | sort -u) ;;")}}
        {{Cases(Argument.Group, "        ", ") names=$(\"${words[0]}\" \"${connection[@]}\" avail 2>/dev/null | awk '{ split($1, p, \":\"); print p[1] }' | sort -u) ;;")}}
        {{Cases(Argument.Command, "        ", $") names=\"{Names}\" ;;")}}
            esac

            case $action in
        {{string.Join('\n', CommandTable.Listed().Where(c => c.Flags.Count > 0).Select(c => $"        {c.Name}) names+=\" {string.Join(' ', c.Flags.Select(f => f.Name))}\" ;;"))}}
            esac

            COMPREPLY=($(compgen -W "$names" -- "$cur"))
            declare -F __ltrimcolon_completions >/dev/null && __ltrimcolon_completions "$cur"
        }
        complete -F _supervisorctl supervisorctl

        """.ReplaceLineEndings("\n");

    public static string Zsh() => $$"""
        #compdef supervisorctl
        # zsh completion for supervisorctl. {{Header}}

        _supervisorctl_processes() {
            local -a names
            names=(${(f)"$(supervisorctl ${(kv)opt_args[(I)-c|-s|-u|-p]} status 2>/dev/null | awk '{ print $1; if (split($1, p, ":") > 1) print p[1] ":*" }' | sort -u)"})
            compadd -a names
        }

        _supervisorctl_groups() {
            local -a names
            names=(${(f)"$(supervisorctl ${(kv)opt_args[(I)-c|-s|-u|-p]} avail 2>/dev/null | awk '{ split($1, p, ":"); print p[1] }' | sort -u)"})
            compadd -a names
        }

        _supervisorctl() {
            local context state state_descr line
            typeset -A opt_args
            _arguments -C \
                '(-c --configuration)'{-c,--configuration}'[configuration file]:file:_files' \
                '(- *)'{-h,--help}'[print usage message]' \
                '(-i --interactive)'{-i,--interactive}'[ask before shutdown and reload]' \
                '(-s --serverurl)'{-s,--serverurl}'[URL of the server]:url:' \
                '(-u --username)'{-u,--username}'[user name]:user:' \
                '(-p --password)'{-p,--password}'[password]:password:' \
                '(-r --history_file)'{-r,--history_file}'[history file]:file:_files' \
                '1:action:({{Names}})' \
                '*::argument:->arguments'
            [[ $state == arguments ]] || return
            case $words[1] in
        {{string.Join('\n', CommandTable.Listed().Where(c => c.Flags.Count > 0).Select(c => $"        {c.Name}) compadd -- {string.Join(' ', c.Flags.Select(f => f.Name))} ;|"))}}
        {{Cases(Argument.Process, "        ", ") _supervisorctl_processes ;;")}}
        {{Cases(Argument.Group, "        ", ") _supervisorctl_groups ;;")}}
        {{Cases(Argument.Command, "        ", $") compadd {Names} ;;")}}
            esac
        }

        _supervisorctl "$@"

        """.ReplaceLineEndings("\n");

    public static string Fish()
    {
        var lines = new List<string>
        {
            $"# fish completion for supervisorctl. {Header}",
            "",
            "function __supervisorctl_options",
            "    set -l words (commandline -opc)",
            "    for i in (seq 2 (count $words))",
            "        if contains -- $words[$i] -c -s -u -p; and set -q words[(math $i + 1)]",
            "            echo $words[$i]",
            "            echo $words[(math $i + 1)]",
            "        end",
            "    end",
            "end",
            "",
            "function __supervisorctl_processes",
            "    supervisorctl (__supervisorctl_options) status 2>/dev/null | awk '{ print $1; if (split($1, p, \":\") > 1) print p[1] \":*\" }' | sort -u",
            "end",
            "",
            "function __supervisorctl_groups",
            "    supervisorctl (__supervisorctl_options) avail 2>/dev/null | awk '{ split($1, p, \":\"); print p[1] }' | sort -u",
            "end",
            "",
            "complete -c supervisorctl -f",
            "complete -c supervisorctl -s c -l configuration -r -F -d 'Configuration file'",
            "complete -c supervisorctl -s h -l help -d 'Print usage message'",
            "complete -c supervisorctl -s i -l interactive -d 'Ask before shutdown and reload'",
            "complete -c supervisorctl -s s -l serverurl -x -d 'URL of the server'",
            "complete -c supervisorctl -s u -l username -x -d 'User name'",
            "complete -c supervisorctl -s p -l password -x -d 'Password'",
            "complete -c supervisorctl -s r -l history_file -r -F -d 'History file'",
            $"complete -c supervisorctl -n 'not __fish_seen_subcommand_from {Names}' -a '{Names}'",
            $"complete -c supervisorctl -n '__fish_seen_subcommand_from {Of(Argument.Process, " ")}' -a '(__supervisorctl_processes)'",
            $"complete -c supervisorctl -n '__fish_seen_subcommand_from {Of(Argument.Group, " ")}' -a '(__supervisorctl_groups)'",
            $"complete -c supervisorctl -n '__fish_seen_subcommand_from help' -a '{Names}'",
        };
        lines.AddRange(CommandTable.Listed().SelectMany(c => c.Flags.Select(f =>
            $"complete -c supervisorctl -n '__fish_seen_subcommand_from {c.Name}' -l {f.Name[2..]}{(f.Value.Length > 0 && !f.Value.StartsWith('[') ? " -x" : "")} -d '{f.Doc}'")));
        return string.Join('\n', lines) + "\n";
    }

    private static string Cases(Argument kind, string indent, string rest) => indent + Of(kind, "|") + rest;

    private static string Of(Argument kind, string separator) =>
        string.Join(separator, CommandTable.Names.Where(n => CommandTable.Find(n)!.Takes == kind).Order(StringComparer.Ordinal));
}
