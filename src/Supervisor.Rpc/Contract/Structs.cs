namespace Supervisor.Rpc.Contract;

/// <summary>One entry of the arrays that the group and all variants answer: status 80/<c>OK</c> or the fault (RPC-048).</summary>
public sealed record ProcessStatus(string Name, string Group, int Status, string Description);

/// <summary>getState.</summary>
public sealed record StateInfo(int StateCode, string StateName);

/// <summary>getProcessInfo, in wire order (RPC-068).</summary>
public sealed record ProcessInfo(
    string Name, string Group, long Start, long Stop, long Now, int State, string StateName, string SpawnErr, int ExitStatus,
    string Logfile, string StdoutLogfile, string StderrLogfile, int Pid, string Description);

/// <summary>tailProcess*Log: the bytes, the next offset, and whether something was skipped (RPC-063).</summary>
public sealed record TailChunk(string Data, long Offset, bool Overflow);

/// <summary>reloadConfig; on the wire <c>[[added, changed, removed]]</c> (RPC-037).</summary>
public sealed record ReloadResult(IReadOnlyList<string> Added, IReadOnlyList<string> Changed, IReadOnlyList<string> Removed);
