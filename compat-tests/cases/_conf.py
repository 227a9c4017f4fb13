"""The head that most configurations share."""

HEAD = """[unix_http_server]
file=@DIR@/s.sock
[inet_http_server]
port=127.0.0.1:@PORT@
[supervisord]
logfile=@DIR@/s.log
pidfile=@DIR@/s.pid
childlogdir=@DIR@
nodaemon=true
silent=true
loglevel=info
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://@DIR@/s.sock
"""
