using System.Runtime.InteropServices;

namespace Supervisor.Unix.Interop;

/// <summary>The native child stage, <c>Native/child_stage.c</c>: linked into the binary, a shared object for tests.</summary>
internal static unsafe partial class ChildStage
{
    /// <summary>Starts a child that performs the steps and then becomes its program. Returns its pid, or a negative error number.</summary>
    [LibraryImport("supervisor_child", EntryPoint = "supervisor_start_child")]
    internal static partial long Start(ChildRequest* request);
}

/// <summary>What one step of a child does. The same values as <c>enum operation</c>.</summary>
internal enum ChildOperation : long
{
    /// <summary>Nothing is tried: the complaint says why.</summary>
    Fail = 0,
    NewGroup = 1,
    NewSession = 2,
    Place = 3,
    CloseFrom = 4,
    SetGroups = 5,
    SetGid = 6,
    SetUid = 7,
    DropAmbient = 8,
    ChangeDirectory = 9,
    SetUmask = 10,
}

/// <summary>The same layout as <c>struct child_step</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ChildStep
{
    internal ChildOperation Operation;
    internal long First;
    internal long Second;
    internal void* Data;
    internal byte* Complaint;
    internal long NamesError;
}

/// <summary>The same layout as <c>struct child_request</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ChildRequest
{
    internal ChildStep* Steps;
    internal long StepCount;
    internal byte* Path;
    internal byte** Arguments;
    internal byte** Environment;
    internal byte* ExecComplaint;
    internal byte* Closing;
    internal byte** ErrorNames;
    internal long ErrorNameCount;
    internal long SharesMemory;
}
