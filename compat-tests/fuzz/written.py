"""Configurations written by hand: the corners of the dialect that chance seldom visits. {title: {file name: text or bytes}}."""

_D = "[supervisord]\n"


def _main(text):
    return {"main.conf": text}


CASES = {
    # Lines (CFG)
    "header with brackets inside": _main(_D + "[program:[q]] rest\ncommand=a\n"),
    "indented header": _main("  [supervisord]\n  identifier=x\n  [program:a]\n  command=b\n"),
    "other case of a section": _main(_D + "[Program:x]\ncommand=a\n[program: y ]\ncommand=b\n"),
    "lone carriage returns": _main("[supervisord]\ridentifier=x\r[program:a]\rcommand=b\r"),
    "comment needs a blank": _main(_D + "[program:a] ; c\ncommand=b;c d#e ;f\ndirectory=x#y\t#z\n"),
    "quotes do not protect comments": _main(_D + "[program:a]\ncommand=sh -c 'x ; y'\n"),
    "open quote after a comment": _main(_D + "[program:a]\ncommand=b\nenvironment=A=\"3 ;4\"\n"),
    "continuation like an option": _main(_D + "[program:a]\ncommand=cat\n  autostart=false\n\n  third\n; gone\n   [x]\nautorestart=true\n"),
    "uniform indentation": _main("    [supervisord]\n    [program:a]\n    command=b\n      c\n    autostart=false\n"),
    "several bad lines": _main(_D + "nonsense\n=x\n[program:a]\nmore\n: y\ncommand=b\n"),
    "the last key wins": _main(_D + "identifier=a\nIdentifier=b\n[program:a]\ncommand=x\n[supervisord]\nidentifier=c\n[program:a]\nCOMMAND=y\n"),
    "defaults": _main("[DEFAULT]\nautorestart=true\nidentifier=d\n" + _D + "[program:a]\ncommand=b\n[program:c]\ncommand=d\nautorestart=false\n"),
    "unknown things": _main(_D + "nosuch=1\n[nosuch]\na=b\n[program:a]\ncommand=b\nnosuch=%(nope)s\n"),
    "nothing is unquoted": _main(_D + "identifier=\"x\"\n[program:a]\ncommand=\"/bin/cat\" '~' $HOME\ndirectory='q'\n"),
    # Expansion
    "printf": _main(_D + "[program:a]\ncommand=x %(process_num)05d %(process_num)-3d| %(numprocs)x %(program_name)5s %(program_name).2s %(process_num)+d %%\n"),
    "a width or precision from the arguments": _main(_D + "[program:a]\ncommand=x %(process_num)*d\n"),
    "a conversion that is no letter": _main(_D + "[program:a]\ncommand=\U0001f600 %(process_num)\u2028\n"),
    "widths of texts outside the first plane": _main(_D + "[program:a]\ncommand=%(ENV_WIDE)5s %(ENV_WIDE).1s %(process_num)#.0g\n"),
    "a dictionary": _main(_D + "[program:a]\ncommand=%(process_num)s %(program_name)r\n"),
    "environment of the daemon": _main("[supervisord]\nenvironment=A=\"1\",B=\"%(ENV_PLAIN)s\"\n[program:a]\ncommand=x %(ENV_A)s %(ENV_B)s %(ENV_PLAIN)s\nenvironment=C=\"%(ENV_A)s\"\n"),
    "own environment": _main(_D + "[program:a]\ncommand=x %(ENV_A)s\nenvironment=A=\"%(program_name)s\"\nstdout_logfile=logs/%(ENV_A)s\ndirectory=%(ENV_A)s\n"),
    "own environment in itself": _main(_D + "[program:a]\ncommand=x\nenvironment=A=\"1\",B=\"%(ENV_A)s\"\n"),
    "environment stays for the next process": _main(_D + "[program:a]\ncommand=x %(ENV_N)s\nnumprocs=3\nprocess_name=p%(process_num)d\nenvironment=N=\"%(process_num)d\"\n"),
    "log files are expanded twice": _main(_D + "[program:a]\ncommand=x\nstdout_logfile=logs/%%%%.log\nstderr_logfile=logs/%%(program_name)s.log\n"),
    "names of sections": _main(_D + "[program:a]\ncommand=x %(group_name)s %(host_node_name)s %(here)s\n[group:g]\nprograms=a\n"),
    "no number in priority": _main(_D + "[program:a]\ncommand=x\npriority=%(process_num)d\n"),
    "no host in supervisord": _main("[supervisord]\nidentifier=%(host_node_name)s\n"),
    "here in a socket": _main(_D + "[unix_http_server]\nfile=%(here)s/s\n[inet_http_server]\nport=%(here)s\n"),
    # Include
    "include, order and overriding": {
        "main.conf": _D + "[include]\nfiles=inc.d/b*.conf inc.d/*.conf\n[program:a]\ncommand=main\n", "inc.d/b2.conf": "[program:a]\ncommand=b2\n",
        "inc.d/b10.conf": "[program:a]\ncommand=b10\n", "inc.d/a.conf": "[program:a]\ncommand=a\n[program:z]\ncommand=%(here)s\n", "inc.d/.x.conf": "[program:hidden]\ncommand=x\n"},
    "include inside an include": {"main.conf": _D + "[include]\nfiles=inc.d/a.conf\n", "inc.d/a.conf": "[include]\nfiles=b.conf\n[program:a]\ncommand=x\n", "inc.d/b.conf": "[program:b]\ncommand=x\n"},
    "include of a folder": {"main.conf": _D + "[include]\nfiles=inc.d logs inc.d/*\n", "inc.d/a.conf": "[program:a]\ncommand=x\n"},
    "include with sets": {"main.conf": _D + "[include]\nfiles=inc.d/[!a]?.conf inc.d/**/c.conf\n", "inc.d/a1.conf": "[program:a]\ncommand=x\n", "inc.d/b1.conf": "[program:b]\ncommand=x\n"},
    "include with a set of backward ranges": {"main.conf": _D + "[include]\nfiles=inc.d/[b-a!x].conf inc.d/[z-a].ini inc.d/?.ini\n", "inc.d/x.conf": "[program:x]\ncommand=x\n",
                                              "inc.d/y.conf": "[program:y]\ncommand=x\n", "inc.d/\U0001f600.ini": "[program:z]\ncommand=x\n"},
    "include of a folder with a NUL": _main(_D + "[include]\nfiles=inc\0d/*\n"),
    "include and here everywhere": {"main.conf": _D + "[include]\nfiles=%(here)s/inc.d/a.conf\n[inet_http_server]\nport=9001\nusername=%(here)s\npassword=x\n", "inc.d/a.conf": "[program:a]\ncommand=%(here)s\nstdout_logfile=%(here)s/x\n"},
    "escaped here with an include": {"main.conf": _D + "[include]\nfiles=none\n[program:a]\ncommand=%%(here)s\n"},
    "broken include": {"main.conf": _D + "[include]\nfiles=inc.d/a.conf\n", "inc.d/a.conf": "[program:a]\nnonsense\n"},
    "error in an included program": {"main.conf": _D + "[include]\nfiles=inc.d/*.conf\n", "inc.d/a.conf": "[program:a]\ncommand=x\nautostart=perhaps\n"},
    # Sections and options
    "shared log files": _main(_D + "[program:a]\ncommand=x\nstdout_logfile=logs/x\n[program:b]\ncommand=x\nstdout_logfile=logs/x\n"),
    "two groups of one name": _main(_D + "[group:a]\nprograms=b\n[program:a]\ncommand=x\n[program:b]\ncommand=y\n[eventlistener:a]\ncommand=z\nevents=EVENT\n"),
    "a program in two groups": _main(_D + "[group:g]\nprograms=a\n[group:h]\nprograms=a,b\npriority=3\n[program:a]\ncommand=x\n[program:b]\ncommand=y\n"),
    "second stranger in a group": _main(_D + "[group:g]\nprograms=a,nosuch\n[program:a]\ncommand=x\n"),
    "empty group": _main(_D + "[group:g]\n[group:h]\nprograms=\n"),
    "members in the order of the group": _main(_D + "[group:g]\nprograms=b,a\n[program:a]\ncommand=x\npriority=1\n[program:b]\ncommand=y\npriority=2\nnumprocs=11\nprocess_name=n%(process_num)d\n"),
    "no processes": _main(_D + "[program:a]\ncommand=x\nnumprocs=0\n"),
    "warnings": _main(_D + "[program:a]\ncommand=x\nredirect_stderr=true\nstderr_logfile=logs/x\nstdout_logfile_maxbytes=0\n[program:b]\ncommand=y\nstdout_logfile=syslog\nstderr_logfile=SYSLOG\n"),
    "listener and its processes": _main(_D + "[eventlistener:l]\ncommand=x\nevents=tick_5,TICK_5,process_state\npriority=5\nstdout_capture_maxbytes=1MB\nstdout_events_enabled=true\n"),
    "words of environment": _main(_D + "[program:a]\ncommand=x\nenvironment=A=a-b.c/d:e(f)+g,B='1, 2',C=\"x\"y'z',D=\"\",E=h\\ i,F=\"j\\\"k\",G='l\\m',H=\"n\\o\" # rest\n"),
    "environment without a comma": _main(_D + "[program:a]\ncommand=x\nenvironment=A=1;B=2|C=3\n  D=4,\n"),
    "bad shape of environment": _main(_D + "[program:a]\ncommand=x\nenvironment=A=1,,B=2\n"),
    "umlauts in environment": _main(_D + "[program:a]\ncommand=x\nenvironment=A=\u00e9,B=\u65e5\n"),
    "no server of that kind": _main(_D + "[inet_http_server2]\nport=1\n[unix_http_server:x]\nfile=/tmp/x\n[inet_http_server:y]\nport=*:2\n"),
    "odd names": _main(_D + "[program:a*]\ncommand=x\n[program:[]\ncommand=x\n[program:\u00e9]\ncommand=x\n[program:]\ncommand=x\n"),
    "relative files": _main("[supervisord]\nlogfile=logs/../x.log\npidfile=./y.pid\n[unix_http_server]\nfile=logs/s\n[program:a]\ncommand=x\nstdout_logfile=logs/x\n"),
    "syslog as the log": _main("[supervisord]\nlogfile=syslog\n"),
    "profile options in the file": _main("[supervisord]\nprofile_options=calls\n"),
}


def files(title):
    """{name: bytes}"""
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in CASES[title].items()}
